import { useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useAccount } from '~/features/accounts/queries';
import { StartPage } from '~/features/scheduling/StartPage';
import { loadTexts } from '~/i18n';
import { hasLessons } from '~/ui/frame/place';
import { useTitle } from '~/ui/useTitle';

const HomePage = lazy(() =>
  import('~/features/scheduling/home/HomePage').then(({ HomePage }) => ({ default: HomePage })),
);
const StaffHome = lazy(() =>
  import('~/features/accounts/StaffHome').then(({ StaffHome }) => ({ default: StaffHome })),
);
const DemoBar = lazy(async () => {
  const [{ DemoBar }] = await Promise.all([import('~/features/accounts/DemoBar'), loadTexts('demo')]);
  return { default: DemoBar };
});

export function StartOrHome() {
  const account = useAccount();
  const search = useSearch({ from: '/' });
  useTitle(account ? 'titles.home' : 'titles.start');
  const [rested, setRested] = useState(false);
  useEffect(() => {
    // The first page comes first.
    const timer = setTimeout(() => setRested(true), 1_000);
    return () => clearTimeout(timer);
  }, []);
  if (!account) {
    return (
      <>
        <StartPage search={search} />
        <Suspense>{rested && <DemoBar />}</Suspense>
      </>
    );
  }
  return (
    <Suspense>
      {hasLessons(account) ? <HomePage account={account} /> : <StaffHome account={account} />}
    </Suspense>
  );
}
