package cli

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orderops/workflow"
	"orderops/workflow/letterfile"
)

// TestExportedLettersAreReadBack: what dlq export prints is a file of dead
// letters like those that the dashboard writes, byte for byte.
func TestExportedLettersAreReadBack(t *testing.T) {
	t.Parallel()
	letters := []workflow.Message{
		{ID: "a", Body: []byte("{\"x\":\"\u009b2J\u202e<&>\\u001b\"}"), SourceARN: "arn:q", TraceHeader: "Root=1", Attributes: map[string]workflow.Attribute{
			"order_id": {DataType: "String", Text: "o"}, "raw": {DataType: "Binary", Binary: []byte{0, 255}},
		}},
		{ID: "b", Body: []byte{0xff, 0xfe, 0}},
	}
	var out strings.Builder
	p := &program{streams: Streams{Out: &out}, gone: func() {}}
	written := letterSheet().open(p, output{format: formatJSONLines}, false)
	for _, m := range letters {
		if err := written.add(workflow.Judge(m, workflow.Queue{}, workflow.Queue{})); err != nil {
			t.Fatal(err)
		}
	}
	written.end()
	got, err := letterfile.Read(strings.NewReader(out.String()))
	if err != nil || len(got) != len(letters) {
		t.Fatalf("got %d, %v from %s", len(got), err, out.String())
	}
	for i, want := range letters {
		if string(got[i].Body) != string(want.Body) || got[i].TraceHeader != want.TraceHeader || !cmp.Equal(got[i].Attributes, want.Attributes) {
			t.Errorf("got %+v, want %+v", got[i], want)
		}
	}
}
