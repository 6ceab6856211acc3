package monitor

import (
	"testing"
	"time"
)

// TestOrdersWithoutMailAreTold wants each order counted once that is done and
// whose mail was not taken, however often its log is read, for an hour.
func TestOrdersWithoutMailAreTold(t *testing.T) {
	t.Parallel()
	s := NewStore()
	s.Apply(definitionRead())
	end := func(name, output string, at float64) LogRead {
		done := logAt(name, 9, "ExecutionSucceeded", "", at)
		done.Output = output
		return logRead(at, append(begun(name), done)...)
	}
	s.Apply(end("fine", `{"order_status":"SUCCESS","notification":"sent"}`, 40), end("other", `"notification: failed"`, 41))
	if got := texts(s, 60, MailFailed); len(got) != 0 {
		t.Errorf("nothing failed: %q", got)
	}
	const failed = `{"order_status":"FAILURE","written":true,"notification":"failed"}`
	s.Apply(end("b", failed, 50), end("a", failed, 45), end("b", failed, 50))
	want := "2 orders done, but not mailed, as the topic took no mail; the newest is b"
	if got := texts(s, 60, MailFailed); len(got) != 1 || got[0] != want {
		t.Errorf("%q, want %q", got, want)
	}
	for _, f := range s.Findings(after(60)) {
		if f.Kind == MailFailed && (f.Age != 10*time.Second || f.Link.Filter != `order:="b"`) {
			t.Errorf("%+v", f)
		}
	}
	if got := texts(s, 50+3601, MailFailed); len(got) != 0 {
		t.Errorf("an hour later: %q", got)
	}
	s.Apply(end("late", failed, 8000))
	if got := texts(s, 8001, MailFailed); len(got) != 1 || got[0][:7] != "1 order" {
		t.Errorf("%q", got)
	}
}
