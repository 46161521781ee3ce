import './styles';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { cache } from './api/cache';
import { useAccount } from './features/accounts/queries';
import { startLanguage } from './i18n';
import { router } from './router';
import { resolver, theme } from './theme/theme';
import { schemeStore } from './ui/frame/scheme';
import { ZoneProvider } from './ui/zone';

function Pages() {
  const account = useAccount();
  return (
    <ZoneProvider account={account?.time_zone ?? null}>
      <RouterProvider router={router} />
    </ZoneProvider>
  );
}

async function start() {
  // The texts and the code of the page are fetched side by side.
  await Promise.all([startLanguage(), router.load()]);
  const root = document.getElementById('root');
  if (!root) throw new Error('index.html has no #root');
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={resolver}
        colorSchemeManager={schemeStore}
        defaultColorScheme="auto"
      >
        <QueryClientProvider client={cache}>
          <Pages />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}

void start();
