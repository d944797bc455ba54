// Copy to paperkeep.config.ts (which git ignores) and make it yours; `npm run deploy` asks for what is missing.
import type { ConfigInput } from './infra/config.ts';

export default {
  email: 'you@example.org',
  region: 'eu-central-1',
  watch: 'agents=llm agents;math=mathematical reasoning',
} satisfies ConfigInput;
