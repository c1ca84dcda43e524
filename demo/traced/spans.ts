// Imported for what it does: the SDK is there before the functions run.
import { logSpans } from '../../test/telemetry/logged-spans.ts';

logSpans();
