import accounts from './accounts.json';
import common from './common.json';
import problems from './problems.json';
import scheduling from './scheduling.json';

export const texts = { accounts, common, problems, scheduling };
