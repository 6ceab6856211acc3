package toast_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"orderops/ui/component/pane"
	"orderops/ui/component/toast"
	"orderops/ui/theme"
)

func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.Local) }

func TestToastGoesErrorStays(t *testing.T) {
	t.Parallel()
	th := theme.New(true, false)
	var ts toast.Toasts
	ts.Show(toast.Entry{At: noon(), Level: toast.Error, Text: "SendMessage failed", Detail: "AccessDenied\nsqs:SendMessage"})
	if got := ansi.Strip(ts.View(th, noon(), 60)); !strings.HasPrefix(got, " ✗ SendMessage failed") || !strings.Contains(got, "! in full") {
		t.Errorf("toast %q", got)
	}
	if got := ts.View(th, noon().Add(12*time.Second), 60); got != "" {
		t.Errorf("still shown: %q", got)
	}
	log := ansi.Strip(strings.Join(ts.LogLines(th, 40), "\n"))
	for _, want := range []string{"12:00:00", "✗ SendMessage failed", "  AccessDenied", "  sqs:SendMessage"} {
		if !strings.Contains(log, want) {
			t.Errorf("log lacks %q:\n%s", want, log)
		}
	}
	if n := ts.Unread(); n != 1 {
		t.Errorf("%d unread", n)
	}
	ts.MarkRead()
	if n := ts.Unread(); n != 0 {
		t.Errorf("%d unread after reading", n)
	}
}

// The box is as high as its own lines need: a story that wraps is not cut.
func TestLogViewIsAsHighAsItNeeds(t *testing.T) {
	t.Parallel()
	var ts toast.Toasts
	ts.Show(toast.Entry{At: noon(), Level: toast.Error, Text: strings.Repeat(" word", 7)[1:], Detail: "the end"})
	view := ansi.Strip(ts.LogView(theme.New(true, false), &pane.Scroll{}, 40, 20))
	if n := strings.Count(view, "\n") + 1; n != 7 || !strings.Contains(view, "the end") {
		t.Errorf("%d lines, want 7:\n%s", n, view)
	}
}

func TestNewsAreNotKept(t *testing.T) {
	t.Parallel()
	var ts toast.Toasts
	ts.Show(toast.Entry{At: noon(), Level: toast.Good, Text: "sent"})
	if len(ts.Log()) != 0 || ts.Unread() != 0 {
		t.Errorf("log %v", ts.Log())
	}
	ts.Dismiss()
	if ts.Visible(noon()) {
		t.Error("dismissed but visible")
	}
}

func TestTheSameErrorIsCounted(t *testing.T) {
	t.Parallel()
	var ts toast.Toasts
	for i := range 3 {
		ts.Show(toast.Entry{At: noon().Add(time.Duration(i) * time.Second), Level: toast.Error, Text: "throttled"})
	}
	if log := ts.Log(); len(log) != 1 || log[0].Times != 3 || !log[0].At.Equal(noon().Add(2*time.Second)) {
		t.Errorf("log %+v", log)
	}
}

func TestLogIsBounded(t *testing.T) {
	t.Parallel()
	var ts toast.Toasts
	for i := range 1000 {
		ts.Show(toast.Entry{At: noon(), Level: toast.Error, Text: fmt.Sprint("error ", i)})
	}
	if log := ts.Log(); len(log) != 200 || log[199].Text != "error 999" {
		t.Errorf("%d entries, last %q", len(log), log[len(log)-1].Text)
	}
}
