import * as apiError from '../node_modules/n8n-workflow/dist/cjs/errors/node-api.error';
import * as operationError from '../node_modules/n8n-workflow/dist/cjs/errors/node-operation.error';
import * as interfaces from '../node_modules/n8n-workflow/dist/cjs/interfaces';
import * as utils from '../node_modules/n8n-workflow/dist/cjs/utils';

/**
 * `n8n-workflow` for tests without n8n's engine: its own code, but only the files that have what the product
 * uses. Jest loads modules anew for each test file, and all of it takes a second. An object, and not exports,
 * so that `quickSleep.ts` can replace a member.
 */
export = { ...apiError, ...operationError, ...interfaces, ...utils };
