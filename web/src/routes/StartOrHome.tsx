import { useSearch } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useAccount } from '~/features/accounts/queries';
import { StartPage } from '~/features/scheduling/StartPage';
import { hasLessons } from '~/ui/frame/place';
import { useTitle } from '~/ui/useTitle';

const HomePage = lazy(() =>
  import('~/features/scheduling/home/HomePage').then(({ HomePage }) => ({ default: HomePage })),
);
const StaffHome = lazy(() =>
  import('~/features/accounts/StaffHome').then(({ StaffHome }) => ({ default: StaffHome })),
);

export function StartOrHome() {
  const account = useAccount();
  const search = useSearch({ from: '/' });
  useTitle(account ? 'titles.home' : 'titles.start');
  if (!account) return <StartPage search={search} />;
  return (
    <Suspense>
      {hasLessons(account) ? <HomePage account={account} /> : <StaffHome account={account} />}
    </Suspense>
  );
}
