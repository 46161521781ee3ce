import type { Account } from '~/features/accounts/queries';
import { Mark } from '../Mark';
import { AccountMenu } from './AccountMenu';
import { Bell } from './Bell';
import { ConnectionDot } from './ConnectionDot';
import { FindField } from './FindField';
import styles from './TopBar.module.css';

export function TopBar({ account }: { account: Account }) {
  return (
    <header className={styles.bar}>
      <div className={styles.mark}>
        <Mark />
      </div>
      <FindField account={account} />
      <div className={styles.side}>
        <ConnectionDot />
        <Bell />
        <AccountMenu account={account} />
      </div>
    </header>
  );
}
