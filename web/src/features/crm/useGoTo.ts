import { useNavigate } from '@tanstack/react-router';

/** Goes to another instant of the same page; the address keeps it. */
export function useGoTo() {
  const navigate = useNavigate();
  return (instant: Date | null) =>
    void navigate({
      to: '.',
      search: (before: object) => ({ ...before, as_of: instant ? instant.toISOString() : undefined }),
      replace: true,
      resetScroll: false,
    });
}
