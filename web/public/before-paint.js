// Sets theme and language before the first paint, so that neither flashes; and whether the words of the start page stand
// there until the app has started. Fetches the files of the page together with those of every page.
(() => {
  const root = document.documentElement;
  let scheme = null;
  let language = null;
  let session = null;
  try {
    scheme = localStorage.getItem('kafedra.scheme');
    language = localStorage.getItem('kafedra.language');
    session = localStorage.getItem('kafedra.session');
  } catch {
    // Storage is blocked: the system decides.
  }
  const dark =
    scheme === 'dark' || (scheme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
  root.dataset.first = location.pathname === '/' && session === null ? 'start' : 'page';
  root.lang = language || (/^(ru|be|kk|uk)/i.test(navigator.language) ? 'ru' : 'en');

  const KINDS = {
    js: { rel: 'modulepreload' },
    css: { rel: 'preload', as: 'style' },
  };
  // The build fills in what each path needs.
  const pages = [];
  for (const { path, known, files, ...texts } of pages) {
    if (known && session === null) continue;
    if (path && !new RegExp(`^${path}/?$`).test(location.pathname)) continue;
    for (const file of [...files, ...(texts[root.lang] ?? [])]) {
      const ending = file.slice(file.lastIndexOf('.') + 1);
      fetchEarly(`/${file}`, KINDS[ending]);
    }
  }

  // A script must not hold up the first words.
  function fetchEarly(href, kind) {
    const link = Object.assign(document.createElement('link'), kind);
    link.crossOrigin = '';
    link.fetchPriority = 'low';
    link.href = href;
    document.head.append(link);
  }
})();
