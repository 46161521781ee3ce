//! Names of the cookies, and where a request has them.

use axum_extra::extract::CookieJar;

/// The session of a browser.
pub const SESSION_COOKIE: CookieName =
    CookieName { plain: "kafedra_session", host: "__Host-kafedra_session" };

/// A browser from which a person has signed in. It opens nothing; attempts with it are counted apart.
pub const BROWSER_COOKIE: CookieName = CookieName { plain: "kafedra_device", host: "__Host-kafedra_device" };

/// Name of a cookie. Over TLS only, the prefix `__Host-` keeps other hosts and plain http from setting it.
#[derive(Clone, Copy, Debug)]
pub struct CookieName {
    pub plain: &'static str,
    host: &'static str,
}

impl CookieName {
    /// Returns the name under which the cookie is set.
    pub fn written(self, secure: bool) -> &'static str {
        if secure { self.host } else { self.plain }
    }

    /// Returns the value of the cookie. Where cookies are secure, one without the prefix does not count.
    pub fn read(self, cookies: &CookieJar, secure: bool) -> Option<&str> {
        cookies.get(self.written(secure)).map(|cookie| cookie.value())
    }
}
