package cli

import (
	"bytes"
	"path/filepath"
	"testing"
	"time"

	"orderops/config"
	"orderops/workflow"
	"orderops/workflow/doctor"
	"orderops/workflow/operation/journal"
)

// nasty is a text from outside.
const nasty = "=1+1\x1b[31m\u202e\nnext"

// TestGoldenKinds keeps every format of the kinds of records that no test of a
// command prints, the first as a single one as well.
func TestGoldenKinds(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	keepKind(t, "record", recordSheet(),
		workflow.Record{At: noon, Verb: "stop", Target: "7c1e", Outcome: workflow.Done, Detail: nasty},
		workflow.Record{At: noon, Verb: "stop", Target: "9a2b", Outcome: workflow.Unknown, RequestID: "r-1"})
	keepKind(t, "consumer", consumerSheet(),
		workflow.Consumer{UUID: "u-1", Function: "OrderConsumer", State: "Enabled", BatchSize: 10, PartialFailures: true, Deployed: noon, LastResult: nasty}, workflow.Consumer{})
	keepKind(t, "moment", momentSheet(),
		workflow.Moment{At: noon, Place: workflow.AtState, Status: workflow.Running, Took: 1500 * time.Millisecond, Text: nasty}, workflow.Moment{Place: workflow.AtMail, Text: "not recorded", Unrecorded: true})
	keepKind(t, "letter", letterSheet(),
		workflow.DeadLetter{
			Message: workflow.Message{ID: "5e0a", Body: []byte(`{"data":1}` + nasty), Sent: noon, SourceARN: "arn:aws:sqs:eu-west-1:000000000000:OrderQueue"},
			Verdict: workflow.Malformed, Why: nasty, Receives: 4, DeleteAt: noon.Add(96 * time.Hour),
		},
		workflow.DeadLetter{Message: workflow.Message{ID: "6f1b", Body: []byte{0xff, 0}, Attributes: map[string]workflow.Attribute{"a": {DataType: "Binary", Binary: []byte{1}}}}, Verdict: workflow.Readable})
	keepKind(t, "item", itemSheet(),
		journal.Item{ID: "5e0a", OrderID: "5e0a", NewID: "77aa", Stage: "redriven", Outcome: "succeeded"}, journal.Item{ID: "6f1b", Stage: "pending", Why: nasty, Doubtful: true})
	keepKind(t, "run", runSheet(),
		journal.State{Head: journal.Head{ID: "20261127T120000.000Z", Verb: "redrive", Operator: "ada", Reason: nasty, From: "https://sqs/OrderDeathLetterQueue", Total: 2, Began: noon}, Ended: noon.Add(time.Minute), Note: "done"},
		journal.State{Head: journal.Head{ID: "20261127T130000.000Z", Verb: "delete", Began: noon}, Items: []journal.Item{{ID: "5e0a", Doubtful: true}}})
	keepKind(t, "move", moveSheet(), workflow.MoveTask{Status: "RUNNING", SourceARN: "arn:aws:sqs:eu-west-1:000000000000:OrderDeathLetterQueue", Moved: 3}, workflow.MoveTask{Status: "FAILED", FailureReason: nasty})
	keepKind(t, "finding", findingSheet(),
		doctor.Finding{State: doctor.Bad, Subject: "order queue", What: nasty, Why: "orders may be lost", Fix: "set it to 6 times the timeout"}, doctor.Finding{State: doctor.Good, Subject: "clock", What: "right"})
	keepKind(t, "context", contextSheet(),
		shownContext{config.Context{Name: "shop", Profile: nasty, Region: "eu-west-1", Production: true}, true}, shownContext{config.Context{Name: "test"}, false})
	keepKind(t, "checked", checkedSheet(),
		checked{path: "/home/ada/.config/orderops/config.yaml", mistake: &config.FileError{Line: 3, Column: 5, Reason: nasty, Next: "mend it"}}, checked{path: "config.yaml", contexts: 2})
}

func keepKind[T any](t *testing.T, name string, s sheet[T], records ...T) {
	t.Helper()
	for _, format := range []string{formatTable, formatJSON, formatJSONLines, formatCSV} {
		t.Run(name+" as "+format, func(t *testing.T) {
			t.Parallel()
			var printed bytes.Buffer
			p := &program{streams: Streams{Out: &printed}, actions: Actions{Environment: func(string) (string, bool) { return "", false }}}
			o := output{format: format}
			out := s.open(p, o, false)
			for _, record := range records {
				if err := out.add(record); err != nil {
					t.Fatal(err)
				}
			}
			out.end()
			printed.WriteString("--\n")
			if err := s.one(p, o, records[0]); err != nil {
				t.Fatal(err)
			}
			if bytes.ContainsAny(printed.Bytes(), "\x1b\u202e") {
				t.Errorf("%q is not harmless", printed.String())
			}
			compareDocument(t, filepath.Join("testdata", name+"-"+format+".golden"), printed.String())
		})
	}
}
