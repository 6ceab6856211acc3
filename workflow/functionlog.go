package workflow

import (
	"encoding/json"
	"strings"
	"time"
)

// LogAsk asks for what a function logged while it worked on a step.
type LogAsk struct {
	// Function is its name.
	Function string
	// From and To bound the time of the lines.
	From, To time.Time
	// Order is what a line that is about the order holds.
	Order OrderID
}

// FunctionLog is what a function logged.
type FunctionLog struct {
	LogAsk

	Group string
	// Assumed is why Group is the one that Lambda takes by itself; "" when the
	// function's configuration names it.
	Assumed string
	// Mixed tells that no line holds the order's id: these are all lines of the
	// time, of other orders too.
	Mixed bool
	Lines []LogLine
	// More tells that there may be others, which were not read.
	More bool
}

// LogLine is one line that a function logged.
type LogLine struct {
	Time   time.Time
	Stream string
	// Text is the line as it came.
	Text string
}

const (
	// logBefore and logAfter are how much earlier and later than a step its lines
	// may be: clocks differ, and Lambda tells of the end after it.
	logBefore = 2 * time.Second
	logAfter  = 5 * time.Second
	// logAtMost is the longest time that is searched, the newest part of it.
	logAtMost = time.Hour
)

// LogAskOf asks for the lines of a step; false when it calls no function that is
// known. now ends a step that has not ended.
func LogAskOf(s Step, order OrderID, now time.Time) (LogAsk, bool) {
	name := FunctionName(s.Function)
	if name == "" {
		return LogAsk{}, false
	}
	ask := LogAsk{Function: name, From: s.Entered.Add(-logBefore), To: s.Exited.Add(logAfter), Order: order}
	if s.Exited.IsZero() {
		ask.To = now.Add(logAfter)
	}
	if ask.To.Sub(ask.From) > logAtMost {
		ask.From = ask.To.Add(-logAtMost)
	}
	return ask, true
}

// FunctionName is the name in what a state machine calls a function by: a name or
// an ARN, whole or in part, with or without a version behind it.
func FunctionName(called string) string {
	if _, rest, ok := strings.Cut(called, "function:"); ok {
		called = rest
	}
	name, _, _ := strings.Cut(called, ":")
	return name
}

// functionOf is the function that an event tells of, "" when it tells of none.
func functionOf(e Event) string {
	if strings.Contains(e.Resource, ":function:") {
		return e.Resource
	}
	service, call, _ := strings.Cut(strings.TrimPrefix(e.Resource, "aws-sdk:"), ":")
	if service != "lambda" || !strings.HasPrefix(call, "invoke") {
		return ""
	}
	var parameters struct{ FunctionName string }
	_ = json.Unmarshal([]byte(e.Input), &parameters) // only the event that calls has them
	return parameters.FunctionName
}

// Gist is what a line tells in few words: of a JSON record its level, why, and its
// message; of any other line nothing.
func (l LogLine) Gist() string {
	var record map[string]json.RawMessage
	if json.Unmarshal([]byte(l.Text), &record) != nil {
		return ""
	}
	var parts []string
	for _, names := range [][]string{{"level"}, {"reason", "error", "errorMessage"}, {"msg", "message"}} {
		for _, name := range names {
			if word := loose(record[name]); word != "" {
				parts = append(parts, word)
				break
			}
		}
	}
	return strings.Join(parts, " · ")
}
