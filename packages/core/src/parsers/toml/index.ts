export { type ParsedToml, parseToml, type TomlEntry, type TomlTable, type TomlValue } from './document.ts';
