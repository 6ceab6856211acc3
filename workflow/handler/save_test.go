package handler_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"orderops/workflow"
	"orderops/workflow/handler"
)

// table is Rows in memory.
type table struct {
	rows map[workflow.RowKey]workflow.Row
	fail error
}

func newTable() *table { return &table{rows: map[workflow.RowKey]workflow.Row{}} }

func (t *table) Create(_ context.Context, row workflow.Row) (bool, error) {
	if _, ok := t.rows[row.RowKey]; ok || t.fail != nil {
		return false, t.fail
	}
	t.rows[row.RowKey] = row
	return true, nil
}

func (t *table) Finish(_ context.Context, row workflow.Row, over []workflow.OrderStatus) (bool, error) {
	old, ok := t.rows[row.RowKey]
	if ok && !slices.Contains(over, old.Status) || t.fail != nil {
		return false, t.fail
	}
	t.rows[row.RowKey] = row
	return true, nil
}

// mail is a Notifier that keeps what it was given.
type mail struct {
	messages []string
	fail     error
}

func (m *mail) Notify(_ context.Context, message string) error {
	if m.fail == nil {
		m.messages = append(m.messages, message)
	}
	return m.fail
}

func event(status workflow.OrderStatus, message string) handler.Event {
	return handler.Event{UserID: "u", ID: "o", RestaurantID: "r", Quantity: "3", CreatedAt: "2026-11-23T08:00:00Z", Status: status, ErrorMessage: message}
}

func TestSave(t *testing.T) {
	t.Parallel()
	const pending, success, failure = workflow.Pending, workflow.Success, workflow.Failure
	for name, c := range map[string]struct {
		before []workflow.OrderStatus
		e      handler.Event
		want   handler.Saved
		status workflow.OrderStatus
		mails  []string
	}{
		"first":                       {nil, event(pending, ""), handler.Saved{Status: pending, Written: true}, pending, nil},
		"first, delivered twice":      {[]workflow.OrderStatus{pending}, event(pending, ""), handler.Saved{Status: pending}, pending, nil},
		"first, come late":            {[]workflow.OrderStatus{pending, success}, event(pending, ""), handler.Saved{Status: pending}, success, nil},
		"success":                     {[]workflow.OrderStatus{pending}, event(success, "stale"), handler.Saved{Status: success, Written: true, Notification: "sent"}, success, []string{"Order status: SUCCESS"}},
		"failure":                     {[]workflow.OrderStatus{pending}, event(failure, "declined"), handler.Saved{Status: failure, Written: true, Notification: "sent", ErrorMessage: "declined"}, failure, []string{"Order status: FAILURE"}},
		"failure come after success":  {[]workflow.OrderStatus{pending, success}, event(failure, "declined"), handler.Saved{Status: failure, ErrorMessage: "declined"}, success, nil},
		"success of another run":      {[]workflow.OrderStatus{pending, failure}, event(success, ""), handler.Saved{Status: success, Written: true, Notification: "sent"}, success, []string{"Order status: SUCCESS"}},
		"success, though row is lost": {nil, event(success, ""), handler.Saved{Status: success, Written: true, Notification: "sent"}, success, []string{"Order status: SUCCESS"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows, mails := newTable(), &mail{}
			for _, status := range c.before {
				if _, err := (&handler.Save{Rows: rows, Notifier: &mail{}}).Save(t.Context(), event(status, "")); err != nil {
					t.Fatal(err)
				}
			}
			got, err := (&handler.Save{Rows: rows, Notifier: mails}).Save(t.Context(), c.e)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.mails, mails.messages); diff != "" {
				t.Error(diff)
			}
			if row := rows.rows[c.e.Row().RowKey]; row.Status != c.status || row.ErrorMessage != c.want.ErrorMessage && c.want.Written {
				t.Errorf("row is %s %q, want %s", row.Status, row.ErrorMessage, c.status)
			}
		})
	}
}

func TestSaveSurvivesAFailedNotification(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	save := &handler.Save{Rows: newTable(), Notifier: &mail{fail: errors.New("topic is gone")}, Log: slog.New(slog.NewTextHandler(&log, nil))}
	got, err := save.Save(t.Context(), event(workflow.Success, ""))
	if err != nil || got.Notification != workflow.NotificationFailed {
		t.Errorf("result is %+v, %v", got, err)
	}
	if !strings.Contains(log.String(), "topic is gone") || !strings.Contains(log.String(), "order_id=o") {
		t.Errorf("the log does not tell: %s", log.String())
	}
}

func TestSaveFails(t *testing.T) {
	t.Parallel()
	gone := errors.New("table is gone")
	for name, c := range map[string]struct {
		status workflow.OrderStatus
		want   string
	}{
		"create":         {workflow.Pending, "table is gone"},
		"finish":         {workflow.Failure, "table is gone"},
		"unknown status": {"DONE", `order_status is "DONE", must be PENDING, SUCCESS or FAILURE`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mails := &mail{}
			rows := newTable()
			rows.fail = gone
			_, err := (&handler.Save{Rows: rows, Notifier: mails}).Save(t.Context(), event(c.status, ""))
			if err == nil || err.Error() != c.want || mails.messages != nil {
				t.Errorf("error is %v, want %s; mails %v", err, c.want, mails.messages)
			}
		})
	}
}

// However events are delivered, late or twice, a status never goes back.
func TestSaveNeverGoesBack(t *testing.T) {
	t.Parallel()
	order := []workflow.OrderStatus{workflow.Pending, workflow.Failure, workflow.Success}
	rapid.Check(t, func(t *rapid.T) {
		rows := newTable()
		save := &handler.Save{Rows: rows, Notifier: &mail{}}
		best := -1
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, 2), 1, 12).Draw(t, "events") {
			if _, err := save.Save(t.Context(), event(order[i], "")); err != nil {
				t.Fatal(err)
			}
			best = max(best, i)
			if got := rows.rows[workflow.RowKey{UserID: "u", ID: "o"}].Status; got != order[best] {
				t.Fatalf("status is %s, want %s", got, order[best])
			}
		}
	})
}
