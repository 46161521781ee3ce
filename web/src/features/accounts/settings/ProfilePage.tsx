import type { Account } from '../queries';
import { AvatarCard } from './AvatarCard';
import { LookCard } from './LookCard';
import { ProfileForm } from './ProfileForm';
import { SettingsFrame } from './SettingsFrame';

/** The profile: picture, data, language, zone and theme. */
export function ProfilePage({ account }: { account: Account }) {
  return (
    <SettingsFrame tab="profile">
      <AvatarCard account={account} />
      <ProfileForm key={account.id} account={account} />
      <LookCard account={account} />
    </SettingsFrame>
  );
}
