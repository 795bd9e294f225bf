/** Runs tasks, at most `limit` at a time, and gives their results in the order of the tasks. */
export async function* inOrder<T>(
  tasks: Iterable<() => Promise<T>>,
  limit: number,
): AsyncGenerator<T, void, undefined> {
  const running: Promise<T>[] = [];
  for (const task of tasks) {
    running.push(task());
    if (running.length < limit) continue;
    const first = running.shift();
    if (first !== undefined) yield await first;
  }
  for (const rest of running) yield await rest;
}
