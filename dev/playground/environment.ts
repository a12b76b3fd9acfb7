/** What a person has set for an n8n of their own, or npm for the script that runs this. */
const FOREIGN =
	/^(N8N|DB|QUEUE|EXECUTIONS|CREDENTIALS|WEBHOOK|NODES|EXTERNAL|WORKFLOWS|OFFLOAD|npm_lifecycle|npm_package)_|^(WEBHOOK_URL|GENERIC_TIMEZONE|NODE_OPTIONS|NODE_PATH|INIT_CWD|npm_config_ignore_scripts|npm_config_local_prefix|npm_config_prefix|npm_command)$/i;

/** This process's environment without what would change n8n or npm behind our back. */
export function plainEnvironment(): NodeJS.ProcessEnv {
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)));
}
