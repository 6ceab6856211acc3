package theme

// Status is the glyph, one cell wide, and the tone of a status word: of an
// execution (Step Functions ExecutionStatus), a move task, an order row, a dead
// letter or its verdict, or a kind of finding. An unknown word gets a middle
// dot and plain text.
func (t *Theme) Status(word string) (glyph string, tone Tone) {
	switch word {
	case "RUNNING":
		return "▷", Info
	case "SUCCEEDED", "SUCCESS", "COMPLETED", "safe":
		return "✓", Good
	case "FAILED", "FAILURE", "malformed", "failed", "move failed", "execution failed":
		return "✗", Bad
	case "TIMED_OUT":
		return "◷", Bad // U+23F1 is an emoji, two cells wide in most terminals
	case "ABORTED", "CANCELLED":
		return "■", Dim
	case "already processed":
		return "=", Warn
	case "PENDING_REDRIVE", "CANCELLING", "bounced":
		return "↻", Warn
	case "not started", "stuck":
		return "⧖", Warn
	case "PENDING":
		return "○", Info
	case "readable":
		return "•", Text
	case "dead letter", "dead letters":
		return "☠", Bad
	case "row disagrees", "row missing":
		return "≠", Warn
	case "unknown outcome", "unknown":
		return "?", Warn
	case "stale", "throttled", "unconfirmed", "mail failed":
		return "!", Warn
	case "consumer", "orders lost":
		return "!", Bad
	}
	return "·", Text
}
