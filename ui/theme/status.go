package theme

// Status is the glyph, one cell wide, and the tone of a status word: of an
// execution (Step Functions ExecutionStatus), an order row, a dead letter or
// its verdict. An unknown word gets a middle dot and plain text.
func (t *Theme) Status(word string) (glyph string, tone Tone) {
	switch word {
	case "RUNNING":
		return "▷", Info
	case "SUCCEEDED", "SUCCESS", "safe":
		return "✓", Good
	case "FAILED", "FAILURE", "malformed":
		return "✗", Bad
	case "TIMED_OUT":
		return "◷", Bad // U+23F1 is an emoji, two cells wide in most terminals
	case "ABORTED":
		return "■", Dim
	case "PENDING_REDRIVE":
		return "↻", Warn
	case "PENDING":
		return "○", Info
	case "readable":
		return "•", Text
	case "dead letter":
		return "☠", Bad
	}
	return "·", Text
}
