package logs

import "testing"

// FuzzPattern wants any pattern parsed or refused, and what was parsed to hold
// against any message, without a panic.
func FuzzPattern(f *testing.F) {
	for _, pattern := range []string{"", "a b", `{ $.type = "*StateEntered" || $.type = "Execution*" }`, `{ ($.a.b != x) && $.c = "" }`, `{ "`, "\"", "{}}"} {
		f.Add(pattern, `{"type":"WaitStateEntered","a":{"b":[1]}}`)
	}
	f.Fuzz(func(_ *testing.T, pattern, message string) {
		if matches, err := parsePattern(pattern); err == nil {
			matches(message)
		}
	})
}
