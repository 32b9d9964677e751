// The workbench's behaviour, a module a concern. Pages work without any of it, for reading.
import "./keys.js";
import "./rows.js";
import "./tables.js";
import "./copy.js";
import "./panel.js";
import "./focus.js";
import "./heads.js";
import "./passkeys.js";
import "./drafts.js";
import "./idle.js";
