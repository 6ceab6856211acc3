package queue_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orderops/workflow"
)

// TestSendBatchByteForByte sends what is hard to carry: ten attributes, one of
// them binary, a trace header, 1 MiB of text, what is no JSON.
func TestSendBatchByteForByte(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b bench) {
		attributes := map[string]workflow.Attribute{
			"binary": {DataType: "Binary.gzip", Binary: []byte{0, 0xff, 0x1b}},
			"number": {DataType: "Number.int", Text: "0012"},
		}
		for name := range strings.FieldsSeq("a b c d e f g h") {
			attributes[name] = workflow.Attribute{DataType: "String", Text: "ü\u009b\u202e" + name}
		}
		const trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"
		for _, message := range []workflow.Outgoing{
			{Body: []byte(" not JSON\t\r\n\u0085"), Attributes: attributes, TraceHeader: trace},
			{Body: []byte(strings.Repeat("x", 1<<20))},
		} {
			results, err := b.SendBatch(b.Context(), deadURL, []workflow.Outgoing{message})
			if err != nil || results[0].MessageID == "" || results[0].Why != "" || results[0].Doubtful {
				b.Fatalf("%+v, %v", results, err)
			}
			got := b.receive(deadURL, time.Minute)
			if len(got) != 1 || got[0].ID != results[0].MessageID {
				b.Fatalf("received %d messages", len(got))
			}
			back := workflow.Outgoing{Body: got[0].Body, Attributes: got[0].Attributes, TraceHeader: got[0].TraceHeader}
			if diff := cmp.Diff(message, back); diff != "" {
				b.Errorf("-sent +received:\n%s", diff)
			}
			failed, err := b.Delete(b.Context(), deadURL, []string{got[0].ReceiptHandle})
			if len(failed) != 0 || err != nil {
				b.Errorf("%v, %v", failed, err)
			}
		}
		if q := b.describe(deadURL); q.Total() != 0 {
			b.Errorf("%d messages are left", q.Total())
		}
	})
}

// TestSendBatchTellsEachEntry wants the result of each message in its place.
func TestSendBatchTellsEachEntry(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b bench) {
		results, err := b.SendBatch(b.Context(), deadURL, []workflow.Outgoing{{Body: []byte("a")}, {Body: []byte("\x01")}, {Body: []byte("c")}})
		if err != nil {
			b.Fatal(err)
		}
		if results[0].MessageID == "" || results[1].Why == "" || results[1].MessageID != "" || results[1].Doubtful || results[2].MessageID == "" {
			b.Errorf("%+v", results)
		}
	})
}

func TestDeleteTellsEachHandle(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b bench) {
		b.send("a")
		got := b.receive(orderURL, time.Minute)
		failed, err := b.Delete(b.Context(), orderURL, []string{"garbage", got[0].ReceiptHandle})
		if err != nil || len(failed) != 1 || failed["garbage"] == "" {
			b.Errorf("%v, %v", failed, err)
		}
		if q := b.describe(orderURL); q.Total() != 0 {
			b.Errorf("%d messages are left", q.Total())
		}
	})
}

func TestSizeIsWhatSQSCounts(t *testing.T) {
	t.Parallel()
	o := workflow.Outgoing{Body: []byte("12345"), TraceHeader: "free", Attributes: map[string]workflow.Attribute{
		"name": {DataType: "String", Text: "value"}, "b": {DataType: "Binary", Binary: []byte{1, 2}},
	}}
	if got, want := o.Size(), 5+4+6+5+1+6+2; got != want {
		t.Errorf("%d, want %d", got, want)
	}
}
