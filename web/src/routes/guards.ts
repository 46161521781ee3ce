import { redirect } from '@tanstack/react-router';
import type { Account } from '~/features/accounts/queries';

interface Visit {
  context: { account: Account | null };
  location: { href: string };
}

/** Strangers sign in first and come back. */
export function requireAccount({ context, location }: Visit): Account {
  if (!context.account) throw redirect({ to: '/login', search: { next: location.href } });
  return context.account;
}

/** People without one of these roles go home. */
export const requireRole =
  (...roles: string[]) =>
  (visit: Visit) => {
    const account = requireAccount(visit);
    if (!account.roles.some((role) => roles.includes(role))) throw redirect({ to: '/' });
  };

export const STAFF = ['support', 'analyst', 'admin'];
