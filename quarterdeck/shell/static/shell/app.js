// Loads what every page needs. Each module minds its own parts of the page and none needs another to be first.
import "./csrf.js";
import "./dialogs.js";
import "./toasts.js";
import "./refusals.js";
import "./palette.js";
import "./items.js";
import "./focus.js";
import "./copy.js";
import "./forms.js";
import "./drafts.js";
import "./timezone.js";
import "./times.js";
import "./nav.js";
import "./live.js";
import "./reach.js";
