export { type Complaint, formatComplaint } from './complaints.ts';
export { issueSchema } from './issue-schema.ts';
export { type LoadedCatalogue, loadCatalogue } from './load-catalogue.ts';
export { type LoadedIssue, loadIssue } from './load-issue.ts';
export { buildPack, findIssue, type ReadPack, readPack } from './pack.ts';
