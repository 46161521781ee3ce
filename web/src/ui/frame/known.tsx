// The part of the frame that strangers never load.
import type { Account } from '~/features/accounts/queries';
import { BottomBar } from './BottomBar';
import { phonePlacesOf } from './places';

export { Rail } from './Rail';
export { TopBar } from './TopBar';

export function KnownBottomBar({ account }: { account: Account }) {
  return <BottomBar places={phonePlacesOf(account)} />;
}
