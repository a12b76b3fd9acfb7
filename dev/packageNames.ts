/** The names by which n8n knows this package, its nodes and its credential. */
export const PACKAGE_NAME = 'n8n-nodes-tencent-image-repair';
export const NODE_TYPE = `${PACKAGE_NAME}.imageRepair`;
export const TRIGGER_TYPE = `${PACKAGE_NAME}.imageRepairTrigger`;
export const CREDENTIAL_TYPE = 'tencentCloudInfiniteApi';
