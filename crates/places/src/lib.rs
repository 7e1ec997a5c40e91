//! The places and agencies of the United States, so that any agency can be named by ORI or
//! by name.
//!
//! ```
//! use comity_places::{Resolution, find_by_ori, resolve};
//!
//! let lapd = find_by_ori("CA0194200")?;
//! assert_eq!(lapd.name, "Los Angeles Police Department");
//! assert_eq!(lapd.place, "us-ca/los-angeles");
//!
//! // Several states have a Franklin County: all are listed, none is picked.
//! assert!(matches!(resolve("Franklin County Sheriff"), Resolution::Many(_)));
//! assert!(matches!(resolve("Franklin County Sheriff, Ohio"), Resolution::One(_)));
//! # Ok::<(), comity_places::OriError>(())
//! ```
//!
//! The rule of this crate is *never guess*: a name that fits two agencies gives
//! [`Resolution::Many`], and a name that fits none gives [`Resolution::None`] with what is
//! near it, for a person to choose from.
//!
//! The tables are part of the program (`data/README.md` tells where they come from and what
//! was changed). They are sorted text, searched where they lie: nothing is read or parsed
//! when a program starts.

mod agency;
mod agreement;
mod hint;
mod kind;
mod lookup;
mod near;
mod normal;
mod ori;
mod place;
mod slug;
mod state;
mod table;

pub use agency::{Agency, agencies_of};
pub use agreement::{AGREEMENTS_AS_OF, AGREEMENTS_UNMATCHED, Agreement, AgreementModel, agreements_of};
pub use kind::{AgencyKind, UnknownKind};
pub use lookup::{Resolution, find_by_name, find_by_name_in, resolve};
pub use ori::{OriError, find_by_ori, looks_like_ori};
pub use place::{Place, PlaceKind, place_chain, places_in};
pub use slug::{SlugError, parse_slug};
