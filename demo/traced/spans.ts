// Imported for its side effect: it sets up the SDK before the functions run.
import { logSpans } from '../../test/telemetry/logged-spans.ts';

logSpans();
