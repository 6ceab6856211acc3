package workflow

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// mostCause is how many bytes of a cause tell causes apart.
const mostCause = 160

// CauseGroup is what the causes of one kind of failure have in common: the
// message of a function's error without what differs from case to case.
func CauseGroup(cause string) string {
	// What Lambda tells of a failed function.
	var told struct {
		Message string `json:"errorMessage"`
	}
	if strings.HasPrefix(cause, "{") && json.Unmarshal([]byte(cause), &told) == nil && told.Message != "" {
		cause = told.Message
	}
	cause, _, _ = strings.Cut(cause, "\n")
	if len(cause) > mostCause {
		end := mostCause
		for end > 0 && !utf8.RuneStart(cause[end]) {
			end--
		}
		cause = cause[:end]
	}
	return NormalCause(cause)
}
