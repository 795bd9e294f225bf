import { runAgent } from '../src/agents/run-agent.ts';

await runAgent(process.argv[2] ?? '');
