export {
  type AvailableModule,
  type BuiltinModule,
  parseModulesAvailable,
  parseModulesBuiltin,
} from './listed.ts';
export { type LoadedModule, parseLsmod } from './loaded.ts';
