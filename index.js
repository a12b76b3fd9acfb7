'use strict';

// Shipped as dist/index.js. n8n itself finds the nodes and the credential through the `n8n` block of
// package.json; this file is for whoever requires the package by its name.
module.exports = {
	...require('./nodes/ImageRepair/ImageRepair.node.js'),
	...require('./nodes/ImageRepairTrigger/ImageRepairTrigger.node.js'),
	...require('./credentials/TencentCloudInfiniteApi.credentials.js'),
};
