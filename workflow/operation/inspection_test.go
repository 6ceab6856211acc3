package operation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"orderops/workflow"
)

func TestInspectIsRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change   func(*queues, *workflow.Deployment)
		readOnly bool
		want     workflow.ProblemKind
	}{
		"read-only":                {func(*queues, *workflow.Deployment) {}, true, workflow.Refused},
		"no dead-letter queue":     {func(_ *queues, d *workflow.Deployment) { d.DeadLetterURL = "" }, false, workflow.Invalid},
		"the order queue":          {func(_ *queues, d *workflow.Deployment) { d.DeadLetterURL = orderURL }, false, workflow.Refused},
		"the order queue, aliased": {func(q *queues, _ *workflow.Deployment) { q.described[deadURL] = workflow.Queue{ARN: orderARN} }, false, workflow.Refused},
		"a redrive policy": {func(q *queues, _ *workflow.Deployment) {
			q.described[deadURL] = workflow.Queue{ARN: deadARN, DeadLetterARN: "arn:x:Third"}
		}, false, workflow.Refused},
		"FIFO": {func(q *queues, _ *workflow.Deployment) {
			q.described[deadURL] = workflow.Queue{ARN: deadARN, FIFO: true}
		}, false, workflow.Refused},
		"queue can't be described": {func(q *queues, _ *workflow.Deployment) { delete(q.described, deadURL) }, false, workflow.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q, d := newQueues(t), deployment()
			test.change(q, &d)
			desk := NewDesk(d, q, stopper{}, Options{Guard: workflow.NewGuard(test.readOnly, false, 0)})
			inspection, r, err := desk.Inspect(t.Context())
			if inspection != nil || workflow.KindOf(err) != test.want || r.Outcome == workflow.Done || len(q.calls) != 0 {
				t.Errorf("%v, %+v, calls %v", err, r, q.calls)
			}
			if desk.PlanInspect(workflow.Queue{}).Risk != Ask {
				t.Error("a refused inspection counts as agreed")
			}
		})
	}
}

func TestPlanInspectAsksOnce(t *testing.T) {
	t.Parallel()
	q := newQueues(t)
	desk := NewDesk(deployment(), q, stopper{}, Options{})
	p := desk.PlanInspect(q.described[deadURL])
	if p.Risk != Ask || fact(t, p, "messages") != "at most 3" || !strings.Contains(fact(t, p, "meanwhile"), "alarm on visible messages clears") {
		t.Errorf("plan %+v", p)
	}
	if _, _, err := desk.Inspect(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p := desk.PlanInspect(q.described[deadURL]); p.Risk != None {
		t.Error("asked a second time")
	}
}

// pages answers receives one after another, then with nothing.
func pages(answers ...[]string) func(int, time.Duration) ([]workflow.Message, error) {
	return func(int, time.Duration) ([]workflow.Message, error) {
		if len(answers) == 0 {
			return nil, nil
		}
		var messages []workflow.Message
		for _, id := range answers[0] {
			messages = append(messages, workflow.Message{ID: workflow.MessageID(id), ReceiptHandle: "handle " + id, ReceiveCount: 4})
		}
		answers = answers[1:]
		return messages, nil
	}
}

func inspect(t *testing.T, q *queues) *Inspection {
	t.Helper()
	inspection, _, err := NewDesk(deployment(), q, stopper{}, Options{}).Inspect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return inspection
}

func TestInspectionStops(t *testing.T) {
	t.Parallel()
	var many [][]string
	for i := range MostLetters/10 + 5 {
		var page []string
		for k := range 10 {
			page = append(page, fmt.Sprint(i*10+k))
		}
		many = append(many, page)
	}
	for name, test := range map[string]struct {
		pages    [][]string
		letters  int
		receives int
		why      string
	}{
		"empty queue":              {nil, 0, 2, "no more"},
		"one empty answer between": {[][]string{{"a"}, {}, {"b"}}, 2, 5, "no more"},
		"a repeated message":       {[][]string{{"a", "b"}, {"c", "a"}, {"d"}}, 4, 2, "second time"},
		"the cap":                  {many, MostLetters, MostLetters / 10, "10000"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := newQueues(t)
			q.receive = pages(test.pages...)
			inspection := inspect(t, q)
			letters := 0
			for {
				page, err := inspection.Next(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				letters += len(page.Letters)
				if page.Done {
					if !strings.Contains(page.Why, test.why) {
						t.Errorf("why %q", page.Why)
					}
					break
				}
			}
			if letters != test.letters || len(q.calls) != test.receives {
				t.Errorf("%d letters in %d receives", letters, len(q.calls))
			}
			if page, err := inspection.Next(t.Context()); err != nil || !page.Done || len(q.calls) != test.receives {
				t.Errorf("after the end: %+v, %v", page, err)
			}
		})
	}
}

func TestInspectionJudges(t *testing.T) {
	t.Parallel()
	q := newQueues(t)
	sent := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	q.receive = func(most int, lease time.Duration) ([]workflow.Message, error) {
		if most != 10 || lease != Lease {
			t.Errorf("Receive(%d, %v)", most, lease)
		}
		return []workflow.Message{{ID: "a", ReceiptHandle: "h", Body: []byte(body), ReceiveCount: 6, Sent: sent}}, nil
	}
	page, err := inspect(t, q).Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := page.Letters[0]
	if got.Verdict != workflow.Readable || got.Order.UserID != "Burger_20" || got.Receives != 6 || got.Looks != 2 || !got.DeleteAt.Equal(sent.Add(14*24*time.Hour)) {
		t.Errorf("letter %+v", got)
	}
}

// TestNoHandleIsLostOrUsedTwice: against a queue that checks every handle, any
// sequence of looks, renewals and pauses ends with nothing hidden by us, no
// handle given back twice, and none used whose lease had run out.
func TestNoHandleIsLostOrUsedTwice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		synctest.Test(t, func(t *testing.T) { play(t, rt) })
	})
}

// hidden is the queue's own view of one message.
type hidden struct {
	handle string
	until  time.Time
}

func play(t *testing.T, rt *rapid.T) {
	t.Helper()
	total := rapid.IntRange(0, 25).Draw(rt, "messages")
	messages := make([]hidden, total)
	receives := 0
	q := newQueues(t)
	q.receive = func(most int, lease time.Duration) ([]workflow.Message, error) {
		var got []workflow.Message
		for i := range messages {
			if len(got) < most && !messages[i].until.After(time.Now()) {
				receives++
				messages[i] = hidden{fmt.Sprintf("%d/%d", i, receives), time.Now().Add(lease)}
				got = append(got, workflow.Message{ID: workflow.MessageID(fmt.Sprint(i)), ReceiptHandle: messages[i].handle})
			}
		}
		return got, nil
	}
	q.set = func(handles []string, d time.Duration) (map[string]string, error) {
		failed := map[string]string{}
		for _, handle := range handles {
			at := slices.IndexFunc(messages, func(m hidden) bool { return m.handle == handle })
			if at < 0 || !messages[at].until.After(time.Now()) {
				rt.Fatalf("handle %s is used, though its message is not ours", handle)
			}
			if d > 0 && rapid.IntRange(0, 9).Draw(rt, "refuse") == 0 {
				failed[handle] = "refused"
				continue
			}
			messages[at].until = time.Now().Add(d)
		}
		return failed, nil
	}
	inspection := inspect(t, q)
	refused := map[workflow.MessageID]bool{}
	for range rapid.IntRange(0, 12).Draw(rt, "steps") {
		switch rapid.IntRange(0, 2).Draw(rt, "step") {
		case 0:
			if _, err := inspection.Next(t.Context()); err != nil {
				rt.Fatal(err)
			}
		case 1:
			lost, err := inspection.Renew(t.Context())
			if err != nil {
				rt.Fatal(err)
			}
			for _, id := range lost {
				refused[id] = true
			}
		case 2:
			time.Sleep(time.Duration(rapid.IntRange(1, 70).Draw(rt, "seconds")) * time.Second)
		}
	}
	if _, err := inspection.Release(t.Context()); err != nil {
		rt.Fatal(err)
	}
	before := len(q.calls)
	if _, err := inspection.Release(t.Context()); err != nil || len(q.calls) != before {
		rt.Fatalf("the second release made a call: %v", err)
	}
	for i, m := range messages {
		if m.until.After(time.Now()) && !refused[workflow.MessageID(fmt.Sprint(i))] {
			rt.Fatalf("message %d is still hidden until %v", i, m.until)
		}
	}
}

// TestInspectionStopsAtWhatItHolds wants no more than 64 MiB of bodies and
// attributes in memory, and the page that passed that told like any other.
func TestInspectionStopsAtWhatItHolds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueues(t)
		large, text := []byte(strings.Repeat("x", 1<<20-1000)), strings.Repeat("y", 994)
		n := 0
		q.receive = func(int, time.Duration) ([]workflow.Message, error) {
			n++
			return []workflow.Message{{
				ID: workflow.MessageID(fmt.Sprint(n)), ReceiptHandle: fmt.Sprint("handle ", n), Body: large,
				Attributes: map[string]workflow.Attribute{"": {DataType: "String", Text: text}}, // 1 MiB with the body
			}}, nil
		}
		var given []string
		q.set = func(handles []string, _ time.Duration) (map[string]string, error) {
			given = append(given, handles...)
			return nil, nil
		}
		inspection := inspect(t, q)
		for page := (Page{}); !page.Done; {
			var err error
			if page, err = inspection.Next(t.Context()); err != nil || len(page.Letters) != 1 || n > 64 {
				t.Fatalf("page %d: %d letters, %v", n, len(page.Letters), err)
			}
			if page.Done && page.Why != "stopped after 64 MiB of messages" {
				t.Errorf("why: %q", page.Why)
			}
		}
		if n != 64 {
			t.Errorf("stopped after %d MiB", n)
		}
		if page, err := inspection.Next(t.Context()); err != nil || !page.Done || n != 64 {
			t.Errorf("it went on: %+v, %v", page, err)
		}
		if _, err := inspection.Release(t.Context()); err != nil || len(given) != 64 {
			t.Errorf("%d given back, %v", len(given), err)
		}
	})
}

// A receive that our own budget refuses is asked again when the budget allows,
// and meanwhile the leases can be renewed and given back.
func TestNextWaitsOutARefusal(t *testing.T) {
	t.Parallel()
	busy := &workflow.Problem{Kind: workflow.OverBudget, RetryAfter: 4 * time.Second}
	for name, test := range map[string]struct {
		refusals int
		letters  int
		took     time.Duration
		kind     workflow.ProblemKind
	}{
		"two refusals":       {2, 1, 8 * time.Second, 0},
		"until the deadline": {100, 0, 30 * time.Second, workflow.OverBudget},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				q := newQueues(t)
				page := pages([]string{"a"})
				q.receive = func(most int, lease time.Duration) ([]workflow.Message, error) {
					if test.refusals--; test.refusals >= 0 {
						return nil, busy
					}
					return page(most, lease)
				}
				inspection := inspect(t, q)
				ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
				defer cancel()
				began := time.Now()
				go func() {
					time.Sleep(time.Second)
					if _, err := inspection.Renew(ctx); err != nil || time.Since(began) != time.Second {
						t.Errorf("renewing took until %v, %v", time.Since(began), err)
					}
				}()
				got, err := inspection.Next(ctx)
				if len(got.Letters) != test.letters || time.Since(began) != test.took || workflow.KindOf(err) != test.kind {
					t.Errorf("%d letters after %v, %v", len(got.Letters), time.Since(began), err)
				}
			})
		})
	}
}

// A receive goes on when the program is told to end: what it brings is hidden,
// and only its handles can give it back.
func TestReceiveSurvivesTheEndOfTheProgram(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueues(t)
		var ended <-chan struct{}
		q.received = func(ctx context.Context) { ended = ctx.Done() }
		q.receive = func(int, time.Duration) ([]workflow.Message, error) {
			select {
			case <-ended:
				return nil, context.Canceled
			case <-time.After(time.Second):
				return []workflow.Message{{ID: "a", ReceiptHandle: "handle a"}}, nil
			}
		}
		var given []string
		q.set = func(handles []string, _ time.Duration) (map[string]string, error) {
			given = append(given, handles...)
			return nil, nil
		}
		inspection := inspect(t, q)
		ctx, cancel := context.WithCancel(t.Context())
		go func() { _, _ = inspection.Next(ctx) }()
		synctest.Wait()
		cancel()
		if _, err := inspection.Release(t.Context()); err != nil || !slices.Equal(given, []string{"handle a"}) {
			t.Errorf("given back %v, %v", given, err)
		}
	})
}
