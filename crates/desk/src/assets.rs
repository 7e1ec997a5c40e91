//! The files a page needs beside itself: styles, fonts, icons, one script. They are part of the program.
//!
//! Their address holds a digest of all of them, so that a browser may keep them for good.

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::io::Read;
use std::sync::LazyLock;

/// A file.
struct Asset {
    path: &'static str,
    kind: &'static str,
    /// Its bytes; packed with gzip where `packed` says so.
    bytes: &'static [u8],
    packed: bool,
}

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";
const WOFF2: &str = "font/woff2";

macro_rules! plain {
    ($kind:expr, $path:literal) => {
        Asset { path: $path, kind: $kind, bytes: include_bytes!(concat!("../assets/", $path)), packed: false }
    };
}

static ASSETS: &[Asset] = &[
    Asset { path: "uswds/css/uswds.min.css", kind: CSS, bytes: include_bytes!("../assets/uswds/css/uswds.min.css.gz"), packed: true },
    plain!(CSS, "desk.css"),
    plain!(JS, "desk.js"),
    plain!(SVG, "favicon.svg"),
    plain!(WOFF2, "uswds/fonts/source-sans-pro/sourcesanspro-bold-webfont.woff2"),
    plain!(WOFF2, "uswds/fonts/source-sans-pro/sourcesanspro-italic-webfont.woff2"),
    plain!(WOFF2, "uswds/fonts/source-sans-pro/sourcesanspro-regular-webfont.woff2"),
    plain!(SVG, "uswds/img/checkbox-indeterminate.svg"),
    plain!(SVG, "uswds/img/correct8.svg"),
    plain!(SVG, "uswds/img/usa-icons/arrow_back.svg"),
    plain!(SVG, "uswds/img/usa-icons/calendar_today.svg"),
    plain!(SVG, "uswds/img/usa-icons/check_circle.svg"),
    plain!(SVG, "uswds/img/usa-icons/close.svg"),
    plain!(SVG, "uswds/img/usa-icons/error.svg"),
    plain!(SVG, "uswds/img/usa-icons/expand_less.svg"),
    plain!(SVG, "uswds/img/usa-icons/expand_more.svg"),
    plain!(SVG, "uswds/img/usa-icons/info.svg"),
    plain!(SVG, "uswds/img/usa-icons/launch.svg"),
    plain!(SVG, "uswds/img/usa-icons/navigate_next.svg"),
    plain!(SVG, "uswds/img/usa-icons/search.svg"),
    plain!(SVG, "uswds/img/usa-icons/unfold_more.svg"),
    plain!(SVG, "uswds/img/usa-icons/warning.svg"),
];

/// The digest of all files, which is a part of their addresses.
pub(crate) static EDITION: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    for asset in ASSETS {
        hash.update(asset.path.as_bytes());
        hash.update(asset.bytes);
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
});

/// The address of a file.
pub(crate) fn href(path: &str) -> String {
    format!("/assets/{}/{path}", *EDITION)
}

/// `GET /assets/{edition}/{*path}`
pub(crate) async fn serve(Path((edition, path)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let Some(asset) = ASSETS.iter().find(|a| a.path == path).filter(|_| edition == *EDITION) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = body(asset, &headers);
    let set = response.headers_mut();
    set.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    set.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    response
}

/// The bytes, unpacked for the rare reader that takes no gzip.
fn body(asset: &Asset, headers: &HeaderMap) -> Response {
    if !asset.packed {
        return asset.bytes.into_response();
    }
    let takes = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("gzip"));
    if takes {
        return ([(header::CONTENT_ENCODING, "gzip"), (header::VARY, "accept-encoding")], asset.bytes).into_response();
    }
    let mut plain = Vec::new();
    match flate2::read::GzDecoder::new(asset.bytes).read_to_end(&mut plain) {
        Ok(_) => ([(header::VARY, "accept-encoding")], plain).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
