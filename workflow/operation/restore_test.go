package operation_test

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"orderops/aws/local"
	"orderops/aws/local/wire"
	"orderops/workflow"
	"orderops/workflow/letterfile"
	"orderops/workflow/operation"
	"orderops/workflow/operation/journal"
)

// deleted deletes all dead letters and gives the run that has archived them.
func (s *system) deleted(desk *operation.Desk) string {
	s.Helper()
	inspection, judged := s.judged(desk)
	run := s.start(desk, operation.Selection{Do: operation.Delete, Letters: judged}, inspection)
	err := run.Wait(s.Context())
	if got := s.deadTotal(); err != nil || got != 0 {
		s.Fatalf("%d dead letters are left after their deletion, %v", got, err)
	}
	return run.ID()
}

func factsOf(p operation.Plan) map[string]string {
	facts := map[string]string{}
	for _, f := range p.Facts {
		facts[f.Label] = f.Text
	}
	return facts
}

// TestRestoreTakesWhatHasGoneWithoutAnAnswer loses the answer to a deletion of
// ten: they are gone, only the journal has them, and they can be put back.
func TestRestoreTakesWhatHasGoneWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		s.kill(25)
		desk, _ := s.journaled(nil)
		var deletions atomic.Int64
		silent := func(request *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
			response, err := send()
			if operationOf(request) != "DeleteMessageBatch" {
				return response, err
			}
			if deletions.Add(1) == 2 { // the first one goes alone: the others wait for it
				_ = response.Body.Close()
				<-request.Context().Done()
				return nil, request.Context().Err()
			}
			return response, err
		}
		s.transport.Store(&silent)
		run := s.deleted(desk)
		plan, err := desk.PlanRestore(t.Context(), run)
		if err != nil || plan.Total() != 25 || !strings.Contains(plan.Warning, "Of 10 messages our deletion had no answer") {
			t.Fatalf("%d can be put back, %q, %v", plan.Total(), plan.Warning, err)
		}
		if _, err := desk.Restore(t.Context(), plan, nil); err != nil || s.deadTotal() != 25 {
			t.Errorf("%d are there, %v", s.deadTotal(), err)
		}
	})
}

// TestRestorePutsBackOnce deletes dead letters, puts them back, and redrives
// them: each order is started under the name of its first life.
func TestRestorePutsBackOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		bodies := s.kill(12)
		desk, j := s.journaled(nil)
		run := s.deleted(desk)
		deletions, err := desk.Deletions()
		if err != nil || len(deletions) != 1 || deletions[0].Head.ID != run || deletions[0].Head.KeepDays != operation.DefaultKeepDays {
			t.Fatalf("deletions %+v, %v", deletions, err)
		}
		plan, err := desk.PlanRestore(t.Context(), run)
		if err != nil {
			t.Fatal(err)
		}
		facts := factsOf(plan.Plan)
		if plan.Title != "Restore 12 messages" || plan.Risk != operation.Ask || !strings.Contains(facts["to"], "sqs:SendMessage") ||
			!strings.Contains(facts["ids"], "new id") || !strings.Contains(facts["source"], "none is on record") {
			t.Errorf("%+v", plan.Plan)
		}
		done := 0
		record, err := desk.Restore(t.Context(), plan, func(n int) { done = n })
		if err != nil || record.Outcome != workflow.Done || record.Detail != "12 of 12 put back" || done != 12 || s.deadTotal() != 12 {
			t.Fatalf("%+v, %d told, %d there, %v", record, done, s.deadTotal(), err)
		}
		if _, err := desk.PlanRestore(t.Context(), run); workflow.KindOf(err) != workflow.Invalid || !strings.Contains(err.Error(), "12 put back already") {
			t.Errorf("a second plan: %v", err)
		}
		if _, err := desk.Restore(t.Context(), plan, nil); workflow.KindOf(err) != workflow.Refused || s.deadTotal() != 12 {
			t.Errorf("the same plan again: %v, %d there", err, s.deadTotal())
		}
		if open, err := desk.Unfinished(); err != nil || len(open) != 0 {
			t.Errorf("offered to finish: %+v, %v", open, err)
		}
		// Another program, which knows the journal only.
		other := s.desk(func(o *operation.Options) { o.Journal = j })
		inspection, judged := s.judged(other)
		for _, letter := range judged {
			original := string(letter.Lineage().OriginalID)
			if letter.Verdict != workflow.Safe || string(letter.Body) != bodies[original] || letter.SourceARN != "" || letter.Attributes["channel"].Text != "web" {
				t.Errorf("%s: %s (%s), %+v", letter.ID, letter.Verdict, letter.Why, letter.Message)
			}
		}
		if _, err := s.redrive(other, operation.Selection{Letters: judged}, inspection); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if started := s.executions(); !slices.Equal(slices.Sorted(maps.Keys(started)), slices.Sorted(maps.Keys(bodies))) {
			t.Errorf("executions %v, want one for each of %v", started, bodies)
		}
	})
}

// TestRestoreKeepsToTheChosenRate wants as many messages a second as were chosen,
// whatever a run may send.
func TestRestoreKeepsToTheChosenRate(t *testing.T) {
	t.Parallel()
	for _, rate := range []int{1, 10, operation.MostRunRate} {
		synctest.Test(t, func(t *testing.T) {
			s := newSystem(t)
			s.kill(30)
			desk, _ := s.journaled(nil)
			plan, err := desk.PlanRestore(t.Context(), s.deleted(desk))
			if err != nil {
				t.Fatal(err)
			}
			for _, wrong := range []int{0, operation.MostRunRate + 1} {
				plan.Rate = wrong
				if _, err := desk.Restore(t.Context(), plan, nil); workflow.KindOf(err) != workflow.Refused || s.deadTotal() != 0 {
					t.Errorf("a rate of %d: %v, %d there", wrong, err, s.deadTotal())
				}
			}
			plan.Rate = rate
			began := time.Now()
			if _, err := desk.Restore(t.Context(), plan, nil); err != nil || s.deadTotal() != 30 {
				t.Fatalf("%d there, %v", s.deadTotal(), err)
			}
			// The first goes alone, and is not waited for.
			if took, want := time.Since(began), 29*time.Second/time.Duration(rate); took < want || took > want+2*time.Second {
				t.Errorf("%d per second took %s, want %s", rate, took, want)
			}
		})
	}
}

// hard are messages that are hard to carry.
func hard() []workflow.Outgoing {
	attributes := map[string]workflow.Attribute{
		"binary": {DataType: "Binary.gzip", Binary: []byte{0, 0xff, 0x1b}},
		"number": {DataType: "Number.int", Text: "0012"},
	}
	full := maps.Clone(attributes)
	for name := range strings.FieldsSeq("a b c d e f g h") {
		full[name] = workflow.Attribute{DataType: "String", Text: "ü\u009b\u202e" + name}
	}
	return []workflow.Outgoing{
		{Body: []byte(" not JSON\t\r\n\u0085<&>"), Attributes: attributes, TraceHeader: "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"},
		{Body: []byte(good), Attributes: full},
		{Body: []byte(strings.Repeat("\"", 1<<20))},
	}
}

// sendHard puts them among the dead letters.
func (s *system) sendHard() {
	s.Helper()
	for _, m := range hard() {
		if results, err := s.session.Queue.SendBatch(s.Context(), deadURL, []workflow.Outgoing{m}); err != nil || results[0].Why != "" {
			s.Fatal(results, err)
		}
	}
}

// TestImportByteForByte exports dead letters, deletes them, and imports the
// file: bodies, attributes and trace headers are as they were.
func TestImportByteForByte(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		s.sendHard()
		desk, _ := s.journaled(nil)
		inspection, letters := s.inspect(desk, 1000)
		var file bytes.Buffer
		if err := letterfile.WriteLines(&file, letters); err != nil {
			t.Fatal(err)
		}
		if _, err := inspection.Release(t.Context()); err != nil {
			t.Fatal(err)
		}
		messages, err := letterfile.Read(&file)
		if err != nil {
			t.Fatal(err)
		}
		present := []workflow.MessageID{messages[0].ID, messages[1].ID, messages[2].ID}
		if _, err := desk.PlanImport(t.Context(), "x.jsonl", messages, present); workflow.KindOf(err) != workflow.Invalid {
			t.Errorf("a plan of what is there: %v", err)
		}
		s.deleted(desk)
		plan, err := desk.PlanImport(t.Context(), "x.jsonl", messages, nil)
		if err != nil || plan.Type != "OrderDeathLetterQueue" || plan.Warning == "" || !strings.Contains(factsOf(plan.Plan)["adds"], "left out of 2") {
			t.Fatalf("%+v, %v", plan.Plan, err)
		}
		if _, err := desk.Restore(t.Context(), plan, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := desk.PlanImport(t.Context(), "x.jsonl", messages, nil); workflow.KindOf(err) != workflow.Invalid {
			t.Errorf("a plan of what was imported: %v", err)
		}
		_, back := s.inspect(desk, 1000)
		if len(back) != len(messages) {
			t.Fatalf("%d messages came back", len(back))
		}
		for _, want := range messages {
			i := slices.IndexFunc(back, func(d letter) bool { return bytes.Equal(d.Body, want.Body) })
			if i < 0 {
				t.Errorf("the body of %s was changed", want.ID)
				continue
			}
			got := maps.Clone(back[i].Attributes)
			if tied := got[workflow.AttributeOrderID].Text; tied != "" {
				if tied != string(want.ID) || got[workflow.AttributeOriginalID].Text != string(want.ID) {
					t.Errorf("%s is tied to %s", want.ID, tied)
				}
				delete(got, workflow.AttributeOrderID)
				delete(got, workflow.AttributeOriginalID)
			}
			if len(got)+len(want.Attributes) > 0 && !reflect.DeepEqual(got, want.Attributes) || back[i].TraceHeader != want.TraceHeader {
				t.Errorf("%s: %v, %q, want %v, %q", want.ID, got, back[i].TraceHeader, want.Attributes, want.TraceHeader)
			}
		}
	})
}

// TestRestoreThroughFaults puts 25 messages back while something goes wrong.
// Nothing is there twice, the rest can be put back, and what is in doubt is named.
func TestRestoreThroughFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		transport transport
		intercept func(local.Call) *wire.Error
		// stops tells that the first attempt ends early; doubtful is how many may
		// be there, never is how many of those are not.
		stops           bool
		doubtful, never int
	}{
		"a lost answer":  {transport: once("SendMessageBatch", lost), stops: true, doubtful: 10},
		"a lost request": {transport: once("SendMessageBatch", never), stops: true, doubtful: 10, never: 10},
		"throttled":      {intercept: refuse("SendMessageBatch", 2, 3, local.Call.Throttled)},
		"forbidden":      {intercept: refuse("SendMessageBatch", 2, 2, func(call local.Call) *wire.Error { return call.Denied("the queue") }), stops: true},
		"one entry":      {transport: once("SendMessageBatch", spare("Failed")), stops: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSystem(t)
				s.kill(25)
				desk, j := s.journaled(nil)
				run := s.deleted(desk)
				if c.transport != nil {
					s.transport.Store(&c.transport)
				}
				if c.intercept != nil {
					s.intercept.Store(&c.intercept)
				}
				plan, err := desk.PlanRestore(t.Context(), run)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := desk.Restore(t.Context(), plan, nil); (err != nil) != c.stops {
					t.Errorf("the first attempt: %v", err)
				}
				// Another program goes on.
				desk = s.desk(func(o *operation.Options) { o.Journal = j })
				if plan, err = desk.PlanRestore(t.Context(), run); c.stops {
					if err != nil {
						t.Fatal(err)
					}
					if word := "10 may have been put back already"; c.doubtful > 0 && !strings.Contains(factsOf(plan.Plan)["left out"], word) {
						t.Errorf("the plan does not name those in doubt: %+v", plan.Facts)
					}
					if _, err := desk.Restore(t.Context(), plan, nil); err != nil {
						t.Errorf("the second attempt: %v", err)
					}
				}
				if got := s.deadTotal(); got != 25-c.never {
					t.Errorf("%d dead letters, want %d", got, 25-c.never)
				}
				history, err := desk.History()
				named := 0
				for _, state := range history {
					named += len(state.Doubtful())
				}
				if err != nil || named != c.doubtful {
					t.Errorf("%d are named, want %d, %v", named, c.doubtful, err)
				}
			})
		})
	}
}

var errReset = errors.New("connection reset by peer")

// never loses the request.
func never(*http.Request, func() (*http.Response, error)) (*http.Response, error) {
	return nil, errReset
}

// TestRestoreLeavesOutWhatIsOpen wants nothing sent of which another restore,
// killed or at work, has written down that it is about to send it.
func TestRestoreLeavesOutWhatIsOpen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		s.kill(3)
		desk, j := s.journaled(nil)
		run := s.deleted(desk)
		letters, err := j.Letters(run, nil)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := desk.PlanRestore(t.Context(), run)
		if err != nil {
			t.Fatal(err)
		}
		begin := func(chosen workflow.MessageID) *journal.Run {
			other, err := j.Begin(journal.Head{Verb: string(operation.Restore), To: deadURL, Chosen: []workflow.MessageID{chosen}})
			if err != nil {
				t.Fatal(err)
			}
			return other
		}
		killed := begin(letters[0].ID)
		letters[0].Send = true
		if err := killed.Append(journal.Entry{Kind: journal.Intent, Letters: letters[:1]}); err != nil {
			t.Fatal(err)
		}
		if err := killed.Close(); err != nil { // as its death does
			t.Fatal(err)
		}
		working := begin(letters[1].ID)
		if _, err := desk.Restore(t.Context(), plan, nil); workflow.KindOf(err) != workflow.Refused || s.deadTotal() != 0 {
			t.Errorf("the old plan: %v, %d there", err, s.deadTotal())
		}
		plan, err = desk.PlanRestore(t.Context(), run)
		if err != nil || plan.Total() != 1 || factsOf(plan.Plan)["left out"] != "1 being put back by another program · 1 may have been put back already" {
			t.Errorf("%+v, %v", plan.Plan, err)
		}
		// The other one dies before it has begun with its message.
		if err := working.Close(); err != nil {
			t.Fatal(err)
		}
		if plan, err = desk.PlanRestore(t.Context(), run); err != nil || plan.Total() != 2 {
			t.Errorf("%d, %v", plan.Total(), err)
		}
	})
}

// TestRestoreIsCancelled wants the rest to be put back later, and the guard asked
// before every batch.
func TestRestoreIsCancelled(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"cancelled", "locked", "leaving"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSystem(t)
				s.kill(30)
				guard := workflow.NewGuard(false, true, time.Hour)
				if _, err := guard.Unlock("a mistake"); err != nil {
					t.Fatal(err)
				}
				desk, _ := s.journaled(func(o *operation.Options) { o.Guard = guard })
				run := s.deleted(desk)
				plan, err := desk.PlanRestore(t.Context(), run)
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithCancel(t.Context())
				_, err = desk.Restore(ctx, plan, func(int) {
					switch how {
					case "cancelled":
						cancel()
					case "locked":
						guard.Lock()
					case "leaving":
						go desk.Drain(t.Context())
						synctest.Wait()
					}
				})
				cancel()
				synctest.Wait() // until whoever was leaving has seen its end
				if err == nil || s.deadTotal() != 1 {
					t.Fatalf("%d there, %v", s.deadTotal(), err)
				}
				if _, err := guard.Unlock("again"); err != nil {
					t.Fatal(err)
				}
				if plan, err = desk.PlanRestore(t.Context(), run); err != nil {
					t.Fatal(err)
				}
				if _, err := desk.Restore(t.Context(), plan, nil); err != nil || s.deadTotal() != 30 {
					t.Errorf("%d there, %v", s.deadTotal(), err)
				}
			})
		})
	}
}
