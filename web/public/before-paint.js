// Sets theme and language before the first paint, so that neither flashes.
(() => {
  const root = document.documentElement;
  let scheme = null;
  let language = null;
  try {
    scheme = localStorage.getItem('kafedra.scheme');
    language = localStorage.getItem('kafedra.language');
  } catch {
    // Storage is blocked: the system decides.
  }
  const dark =
    scheme === 'dark' || (scheme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
  root.lang = language || (/^(ru|be|kk|uk)/i.test(navigator.language) ? 'ru' : 'en');
})();
