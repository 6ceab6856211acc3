package workflow

import (
	"fmt"
	"strings"
	"unicode"
)

// EventSummary tells an event in one line of words. What it repeats of the
// event is raw.
func EventSummary(e Event) string {
	if kind, ok := strings.CutSuffix(e.Type, "StateEntered"); ok {
		return fmt.Sprintf("entered %s (%s)", e.State, kind)
	}
	if strings.HasSuffix(e.Type, "StateExited") {
		return "left " + e.State
	}
	var words string
	switch e.Type {
	case "LambdaFunctionScheduled":
		words = "function called"
	case "ExecutionRedriven":
		words = fmt.Sprintf("execution redriven, time %d", e.RedriveCount)
	default:
		words = split(e.Type)
	}
	if e.Resource != "" {
		words += ": " + lastPart(e.Resource)
	}
	if e.Error != "" || e.Cause != "" {
		words += ": " + strings.TrimPrefix(e.Error+": "+firstLine(e.Cause), ": ")
	}
	return strings.TrimSuffix(words, ": ")
}

// split turns an event type into words: LambdaFunctionTimedOut, "function timed out".
func split(kind string) string {
	var b strings.Builder
	for i, r := range strings.TrimPrefix(kind, "Lambda") {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// lastPart is the name at the end of a function's ARN; other texts stay whole.
func lastPart(resource string) string {
	if !strings.HasPrefix(resource, "arn:") {
		return resource
	}
	if _, name, ok := strings.Cut(resource, ":function:"); ok {
		return name
	}
	return resource[strings.LastIndexByte(resource, ':')+1:]
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
