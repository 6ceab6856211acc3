package handler_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orderops/workflow"
	"orderops/workflow/handler"
)

var sent = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

const body = `{"data":{"user_id":"Burger_20","quantity":"3","restaurant_id":"Restaurant 4"}}`

// machine is a Starter that keeps Step Functions' rule: a name is taken by its first input.
type machine struct {
	inputs   map[string]string
	statuses map[string]workflow.ExecutionStatus
	refuse   error
}

func newMachine() *machine {
	return &machine{inputs: map[string]string{}, statuses: map[string]workflow.ExecutionStatus{}}
}

func (m *machine) Start(ctx context.Context, name string, input []byte) error {
	if err := errors.Join(m.refuse, ctx.Err()); err != nil {
		return err
	}
	if first, ok := m.inputs[name]; ok {
		if first == string(input) && m.statuses[name] == workflow.Running {
			return nil
		}
		return handler.ErrExecutionExists
	}
	m.inputs[name], m.statuses[name] = string(input), workflow.Running
	return nil
}

func (m *machine) Status(_ context.Context, name string) (workflow.ExecutionStatus, error) {
	if m.statuses[name] == "" {
		return "", errors.New("execution does not exist")
	}
	return m.statuses[name], nil
}

func message(id workflow.MessageID) workflow.Message {
	return workflow.Message{ID: id, Body: []byte(body), Sent: sent, ReceiveCount: 1}
}

func TestConsumeStartsEveryMessageOfABatch(t *testing.T) {
	t.Parallel()
	m := newMachine()
	var batch []workflow.Message
	for id := range strings.SplitSeq("abcdefghij", "") {
		batch = append(batch, message(workflow.MessageID(id)))
	}
	batch[0].Body = []byte("poison")
	batch[4].Body = []byte("{}")
	failed := (&handler.Consumer{Executions: m}).Consume(t.Context(), batch)
	if diff := cmp.Diff([]workflow.MessageID{"a", "e"}, failed); diff != "" {
		t.Error(diff)
	}
	if len(m.inputs) != 8 {
		t.Errorf("%d executions started, want 8", len(m.inputs))
	}
}

func TestConsumeGivesTheInputOfTheContract(t *testing.T) {
	t.Parallel()
	const known = `{"user_id":"Burger_20","restaurant_id":"Restaurant 4","quantity":"3","id":"order-1","created_at":"2026-11-23T08:00:00.000Z","order_status":"PENDING"`
	lineage := map[string]workflow.Attribute{workflow.AttributeOrderID: {DataType: "String", Text: "order-1"}}
	for name, c := range map[string]struct {
		id         workflow.MessageID
		attributes map[string]workflow.Attribute
		extra      string
		want       string
	}{
		"its first message":        {"order-1", nil, "", known + "}"},
		"a message sent again":     {"message-2", lineage, "", known + `,"message_id":"message-2"}`},
		"an unknown member":        {"order-1", nil, `,"note":[1]`, known + `,"note":[1]}`},
		"a message id of its own":  {"order-1", nil, `,"message_id":"forged"`, known + "}"},
		"a lineage without value":  {"order-1", map[string]workflow.Attribute{workflow.AttributeOrderID: {DataType: "Binary"}}, "", known + "}"},
		"a message id, sent again": {"message-2", lineage, `,"message_id":"forged"`, known + `,"message_id":"message-2"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMachine()
			msg := message(c.id)
			msg.Attributes = c.attributes
			msg.Body = []byte(strings.Replace(body, "}}", c.extra+"}}", 1))
			if failed := (&handler.Consumer{Executions: m}).Consume(t.Context(), []workflow.Message{msg}); failed != nil {
				t.Fatalf("failed: %v", failed)
			}
			if got := m.inputs["order-1"]; got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestConsumeTwiceIsOneOrder(t *testing.T) {
	t.Parallel()
	for status, done := range map[workflow.ExecutionStatus]bool{
		workflow.Running: true, workflow.Succeeded: true, workflow.PendingRedrive: true,
		workflow.Failed: false, workflow.TimedOut: false, workflow.Aborted: false, "NEW": false,
	} {
		t.Run(string(status), func(t *testing.T) {
			t.Parallel()
			m := newMachine()
			consumer := &handler.Consumer{Executions: m}
			consumer.Consume(t.Context(), []workflow.Message{message("a")})
			m.statuses["a"] = status
			again := message("a")
			again.ReceiveCount = 2
			if failed := consumer.Consume(t.Context(), []workflow.Message{again}); (failed == nil) != done {
				t.Errorf("failed: %v, want done %v", failed, done)
			}
		})
	}
}

func TestConsumeGivesBackWhatItCannotStart(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx    context.Context
		change func(*machine, *workflow.Message)
		reason string
	}{
		"throttled": {t.Context(), func(m *machine, _ *workflow.Message) { m.refuse = errors.New("Rate exceeded") }, "Rate exceeded"},
		"exists, but no status": {
			t.Context(), func(m *machine, _ *workflow.Message) { m.refuse = handler.ErrExecutionExists }, "execution does not exist",
		},
		"out of time": {ended, func(*machine, *workflow.Message) {}, "context canceled"},
		"no time":     {t.Context(), func(_ *machine, m *workflow.Message) { m.Sent = time.Time{} }, "SentTimestamp"},
		"bad order id": {t.Context(), func(_ *machine, m *workflow.Message) {
			m.Attributes = map[string]workflow.Attribute{"order_id": {Text: "a:b"}}
		}, "the order id contains ':'"},
		"bad quantity": {t.Context(), func(_ *machine, m *workflow.Message) { m.Body = []byte(strings.Replace(body, `"3"`, `"three"`, 1)) }, `data.quantity is`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, msg := newMachine(), message("a")
			c.change(m, &msg)
			var log bytes.Buffer
			consumer := &handler.Consumer{Executions: m, Log: slog.New(slog.NewTextHandler(&log, nil))}
			if diff := cmp.Diff([]workflow.MessageID{"a"}, consumer.Consume(c.ctx, []workflow.Message{msg})); diff != "" {
				t.Error(diff)
			}
			for _, want := range []string{"order_id=", "message_id=a", c.reason} {
				if !strings.Contains(log.String(), want) {
					t.Errorf("the log lacks %q: %s", want, log.String())
				}
			}
		})
	}
}
