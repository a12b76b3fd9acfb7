/**
 * `n8n-workflow` for tests without n8n's engine: its own code, but only the files that have what the product
 * uses. Jest loads modules anew for each test file, and all of it takes a second.
 */
export * from '../node_modules/n8n-workflow/dist/cjs/errors/node-api.error';
export * from '../node_modules/n8n-workflow/dist/cjs/errors/node-operation.error';
export * from '../node_modules/n8n-workflow/dist/cjs/interfaces';
export * from '../node_modules/n8n-workflow/dist/cjs/utils';
