package operation_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"orderops/aws/local"
	"orderops/aws/local/wire"
	"orderops/workflow"
	"orderops/workflow/operation"
)

// transport is one way in which the network misbehaves.
type transport = func(request *http.Request, send func() (*http.Response, error)) (*http.Response, error)

func operationOf(request *http.Request) string {
	_, operation, _ := strings.Cut(request.Header.Get("X-Amz-Target"), ".")
	return operation
}

// once lets something happen to the second call of an operation only.
func once(operation string, f transport) transport {
	var n atomic.Int64
	return func(request *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
		if operationOf(request) == operation && n.Add(1) == 2 {
			return f(request, send)
		}
		return send()
	}
}

// lost acts, and loses the answer.
func lost(_ *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
	response, err := send()
	if err == nil {
		_ = response.Body.Close()
	}
	return nil, errors.Join(err, errors.New("connection reset by peer"))
}

// late answers after the machine was suspended for ten minutes.
func late(_ *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
	response, err := send()
	time.Sleep(10 * time.Minute)
	return response, err
}

// hangs sends the nth call of an operation into a network that never answers.
func hangs(operation string, nth int64) transport {
	var n atomic.Int64
	return func(request *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
		if operationOf(request) == operation && n.Add(1) == nth {
			<-request.Context().Done()
			return nil, request.Context().Err()
		}
		return send()
	}
}

// everyAPI refuses all calls, from the nth to the last.
func everyAPI(nth, last int64, answer func(call local.Call) *wire.Error) func(local.Call) *wire.Error {
	var n atomic.Int64
	return func(call local.Call) *wire.Error {
		if i := n.Add(1); i >= nth && i <= last {
			return answer(call)
		}
		return nil
	}
}

// spare keeps the first entry of a batch from the server and answers for it:
// in answer as Failed, or as Successful although nothing happened.
func spare(answer string) transport {
	return func(request *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
		body, _ := io.ReadAll(request.Body)
		var batch map[string]any
		if err := json.Unmarshal(body, &batch); err != nil {
			return nil, err
		}
		entries, _ := batch["Entries"].([]any)
		first, _ := entries[0].(map[string]any)
		batch["Entries"] = entries[1:]
		body, _ = json.Marshal(batch)
		request.Body, request.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		response, err := send()
		if err != nil {
			return nil, err
		}
		text, _ := io.ReadAll(response.Body)
		var answered map[string]any
		if err := json.Unmarshal(text, &answered); err != nil {
			return nil, err
		}
		list, _ := answered[answer].([]any)
		answered[answer] = append(list, map[string]any{"Id": first["Id"], "Code": "InternalError", "SenderFault": false, "Message": "an inner fault"})
		text, _ = json.Marshal(answered)
		response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
		response.Header.Del("Content-Length")
		return response, nil
	}
}

// refuse answers some calls of an operation, from the nth to the last, with an error.
func refuse(operation string, nth, last int64, answer func(call local.Call) *wire.Error) func(local.Call) *wire.Error {
	var n atomic.Int64
	return func(call local.Call) *wire.Error {
		if call.Operation == operation {
			if i := n.Add(1); i >= nth && i <= last {
				return answer(call)
			}
		}
		return nil
	}
}

const ever = 1 << 30

// TestFaults redrives 25 dead letters while something goes wrong. Nothing is
// lost, nothing is doubled, the run says what happened, and taking it up again
// brings it to its end.
func TestFaults(t *testing.T) {
	t.Parallel()
	denied := func(call local.Call) *wire.Error { return call.Denied("the queue") }
	broken := func(local.Call) *wire.Error {
		return &wire.Error{Status: http.StatusInternalServerError, Type: "com.amazonaws.sqs#InternalFailure", Message: "an inner fault"}
	}
	expired := func(local.Call) *wire.Error {
		return &wire.Error{Status: http.StatusForbidden, Type: "com.amazon.coral.service#ExpiredTokenException", Message: "The security token included in the request is expired"}
	}
	for name, c := range map[string]struct {
		transport transport
		intercept func(local.Call) *wire.Error
		// released gives the leases back first, so that the run has to receive.
		released bool
		// during runs in the middle of the run.
		during func(s *system, run *operation.Run)
		status operation.RunStatus
		why    string
		done   int // letters that are redriven in the end of the first run
		// doubtful letters are named.
		doubtful int
		// left among the dead letters when everything is over.
		left int
	}{
		"every API throttled":            {intercept: everyAPI(9, 60, local.Call.Throttled), status: operation.Finished, done: 25},
		"sends throttled":                {intercept: refuse("SendMessageBatch", 2, 4, local.Call.Throttled), status: operation.Finished, done: 25},
		"a receive times out":            {transport: hangs("ReceiveMessage", 1), released: true, status: operation.Finished, done: 25},
		"a renewal times out":            {transport: hangs("ChangeMessageVisibilityBatch", 2), status: operation.Finished, done: 25},
		"a send times out":               {transport: hangs("SendMessageBatch", 2), status: operation.Finished, done: 15, doubtful: 10},
		"a delete times out":             {transport: hangs("DeleteMessageBatch", 2), status: operation.Finished, done: 25},
		"deletions throttled":            {intercept: refuse("DeleteMessageBatch", 2, 9, local.Call.Throttled), status: operation.Finished, done: 25},
		"renewals throttled":             {intercept: refuse("ChangeMessageVisibilityBatch", 1, 6, local.Call.Throttled), status: operation.Finished, done: 25},
		"receives fail":                  {intercept: refuse("ReceiveMessage", 4, 4, broken), status: operation.Finished, done: 25},
		"a send fails (HTTP 500)":        {intercept: refuse("SendMessageBatch", 2, 2, broken), status: operation.Finished, done: 15, doubtful: 10},
		"deletions fail (HTTP 500)":      {intercept: refuse("DeleteMessageBatch", 2, 4, broken), status: operation.Finished, done: 25},
		"the answer to a send is lost":   {transport: once("SendMessageBatch", lost), status: operation.Finished, done: 15, doubtful: 10},
		"the answer to a delete is lost": {transport: once("DeleteMessageBatch", lost), status: operation.Finished, done: 25},
		"the answer to a renewal is lost": {
			transport: once("ChangeMessageVisibilityBatch", lost), status: operation.Finished, done: 25,
		},
		"one of a batch is not sent":    {transport: once("SendMessageBatch", spare("Failed")), status: operation.Finished, done: 24, left: 1},
		"one of a batch is not deleted": {transport: once("DeleteMessageBatch", spare("Failed")), status: operation.Finished, done: 25},
		"a receipt is stale": {
			// SQS answers that it deleted the message, which it did not.
			transport: once("DeleteMessageBatch", spare("Successful")), status: operation.Finished, done: 25, left: 1,
		},
		"suspended before the send":  {transport: once("ChangeMessageVisibilityBatch", late), status: operation.Finished, done: 25},
		"suspended after the send":   {transport: once("SendMessageBatch", late), status: operation.Finished, done: 25},
		"suspended after the delete": {transport: once("DeleteMessageBatch", late), status: operation.Finished, done: 25},
		"no permission to delete": {
			intercept: refuse("DeleteMessageBatch", 1, ever, denied), status: operation.Stopped, why: "sqs:DeleteMessage", done: 0,
		},
		"no permission to send": {intercept: refuse("SendMessageBatch", 1, ever, denied), status: operation.Stopped, why: "sqs:SendMessage", done: 0},
		"a policy changes":      {intercept: refuse("SendMessageBatch", 3, ever, denied), status: operation.Stopped, why: "sqs:SendMessage", done: 11},
		"a policy forbids deleting": {
			// Sent are the first one and the batches that were in flight; only the first is deleted.
			intercept: refuse("DeleteMessageBatch", 2, ever, denied), status: operation.Stopped, why: "sqs:DeleteMessage", done: 1,
		},
		"credentials expire": {intercept: refuse("SendMessageBatch", 3, ever, expired), status: operation.Stopped, why: "expired", done: 11},
		"the journal's disk is full": {
			during: func(_ *system, run *operation.Run) { run.BreakJournal() }, status: operation.Stopped, why: "XDG_STATE_HOME", done: 11,
		},
		"the program ends": {
			during: func(s *system, _ *operation.Run) { go s.drain() }, status: operation.Stopped, why: "the next start", done: 11,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSystem(t)
				bodies := s.kill(25)
				desk, j := s.journaled(nil)
				s.main = desk
				inspection, judged := s.judged(desk)
				// Planned before anything goes wrong.
				plan, err := desk.PlanRun(t.Context(), operation.Selection{Do: operation.Redrive, Letters: judged, Rate: 5})
				if err != nil {
					t.Fatal(err)
				}
				if c.released {
					if _, err := inspection.Release(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				if c.transport != nil {
					s.transport.Store(&c.transport)
				}
				if c.intercept != nil {
					s.intercept.Store(&c.intercept)
				}
				run, _, err := desk.Start(t.Context(), plan, inspection)
				if err != nil {
					t.Fatal(err)
				}
				if c.during != nil {
					time.Sleep(1500 * time.Millisecond)
					c.during(s, run)
				}
				err = run.Wait(t.Context())
				p := run.Progress()
				if p.Status != c.status || !strings.Contains(p.Why, c.why) || (err == nil) != (c.status == operation.Finished || c.why == "the next start") {
					t.Errorf("%+v, %v; want %s because of %q", p, err, c.status, c.why)
				}
				if c.done > 0 && p.Done != c.done || p.Doubtful != c.doubtful {
					t.Errorf("%d done, %d in doubt; want %d and %d", p.Done, p.Doubtful, c.done, c.doubtful)
				}
				s.transport.Store(nil)
				s.intercept.Store(nil)
				time.Sleep(2 * time.Minute)

				named := map[workflow.OrderID]bool{}
				for range 2 { // take up what broke off, or is in doubt
					s.life(&assassin{dir: j.Dir()}, named, false)
					time.Sleep(2 * time.Minute)
				}
				named = map[workflow.OrderID]bool{}
				for id := range bodies { // what is left among them is counted below
					named[workflow.OrderID(id)] = c.left > 0
				}
				s.balance(bodies, named, true, false)
			})
		})
	}
}

// drain is the program's end.
func (s *system) drain() { s.main.Drain(s.Context()) }
