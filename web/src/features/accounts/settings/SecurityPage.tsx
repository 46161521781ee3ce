import type { Account } from '../queries';
import { ContactCard } from './ContactCard';
import { DataCard } from './DataCard';
import { PasswordCard } from './PasswordCard';
import { SessionsCard } from './SessionsCard';
import { SettingsFrame } from './SettingsFrame';

/** Address, phone, password, sessions, one's data. */
export function SecurityPage({ account }: { account: Account }) {
  return (
    <SettingsFrame tab="security">
      <ContactCard account={account} />
      <PasswordCard account={account} />
      <SessionsCard />
      <DataCard account={account} />
    </SettingsFrame>
  );
}
