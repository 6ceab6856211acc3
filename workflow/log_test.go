package workflow

import (
	"testing"
	"time"
)

func TestParseLogEvent(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:states:eu-west-1:123456789012:execution:Orders:a"
	for name, test := range map[string]struct {
		message string
		want    LogEvent
		ok      bool
	}{
		"a state is entered": {
			`{"id":"2","type":"PassStateEntered","details":{"input":"{}","inputDetails":{"truncated":false},"name":"State_1"},"previous_event_id":"0","event_timestamp":"1717000000123","execution_arn":"` + arn + `","redrive_count":"1"}`,
			LogEvent{arn, 1, Event{ID: 2, Type: "PassStateEntered", State: "State_1", Input: "{}", Time: time.UnixMilli(1717000000123).UTC()}},
			true,
		},
		"failed, without a count of redrives": {
			`{"id":"5","type":"ExecutionFailed","details":{"cause":"c","error":"e"},"previous_event_id":"4","event_timestamp":"1717000000000","execution_arn":"` + arn + `"}`,
			LogEvent{arn, 0, Event{ID: 5, PreviousID: 4, Type: "ExecutionFailed", Error: "e", Cause: "c", Time: time.UnixMilli(1717000000000).UTC()}},
			true,
		},
		"redriven": {
			`{"id":"6","type":"ExecutionRedriven","details":{},"previous_event_id":"5","event_timestamp":"1717000000000","execution_arn":"` + arn + `","redrive_count":"1"}`,
			LogEvent{arn, 1, Event{ID: 6, PreviousID: 5, Type: "ExecutionRedriven", RedriveCount: 1, Time: time.UnixMilli(1717000000000).UTC()}},
			true,
		},
		"no JSON":             {"START RequestId: x", LogEvent{}, false},
		"somebody else's":     {`{"id":"2","type":"x","event_timestamp":"1","execution_arn":"arn:aws:lambda:x"}`, LogEvent{}, false},
		"no id":               {`{"type":"x","event_timestamp":"1","execution_arn":"` + arn + `"}`, LogEvent{}, false},
		"no time":             {`{"id":"2","type":"x","execution_arn":"` + arn + `"}`, LogEvent{}, false},
		"details are no text": {`{"id":"2","type":"x","details":{"name":7},"event_timestamp":"0","execution_arn":"` + arn + `"}`, LogEvent{arn, 0, Event{ID: 2, Type: "x", Time: time.UnixMilli(0).UTC()}}, true},
	} {
		if got, ok := ParseLogEvent(test.message); ok != test.ok || got != test.want {
			t.Errorf("%s: %+v, %v", name, got, ok)
		}
	}
}

func FuzzLogEvent(f *testing.F) {
	f.Add(`{"id":"2","type":"PassStateEntered","details":{"name":"x"},"event_timestamp":"1","execution_arn":"a:execution:b"}`)
	f.Fuzz(func(t *testing.T, message string) {
		if e, ok := ParseLogEvent(message); ok && (e.ID < 1 || e.Type == "" || e.Execution == "") {
			t.Errorf("%+v", e)
		}
	})
}

func TestCauseGroup(t *testing.T) {
	t.Parallel()
	for cause, want := range map[string]string{
		"":               "",
		"too slow":       "too slow",
		"order 4711 bad": "order … bad",
		`{"errorMessage":"card 17 declined","errorType":"E"}`: "card … declined",
		`{"error":"x"}`:          NormalCause(`{"error":"x"}`),
		"first line\nsecond one": "first line",
	} {
		if got := CauseGroup(cause); got != want {
			t.Errorf("%q: %q, want %q", cause, got, want)
		}
	}
}
