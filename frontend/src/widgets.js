// The widgets of Enketo that the page uses.  Those that ask outside (maps), that need a pen or that
// replace what phones do well themselves (dates, lists, photos) are left out.

import Note from "enketo-core/src/widget/note/notewidget";
import Autocomplete from "enketo-core/src/widget/select-autocomplete/autocomplete";
import Textarea from "enketo-core/src/widget/textarea/textarea";
import Radio from "enketo-core/src/widget/radio/radiopicker";
import Likert from "enketo-core/src/widget/select-likert/likertitem";
import Columns from "enketo-core/src/widget/columns/columns";
import Range from "enketo-core/src/widget/range/range-widget";
import Rating from "enketo-core/src/widget/rating/rating";
import TextMax from "enketo-core/src/widget/text-max/text-max";
import { Decimal, Integer } from "./number.js";

export default [
  Note, Autocomplete, Textarea, Radio, Likert, Columns, Range, Rating, TextMax, Decimal, Integer,
];
