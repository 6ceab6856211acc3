package sendlog

import (
	"os"
	"testing"

	"orderops/workflow"
)

// TestNothingIsWrittenBehindHalfALine fills the disk once: what is written after
// that would stand behind half a line, and the log could not be read any more.
func TestNothingIsWrittenBehindHalfALine(t *testing.T) {
	t.Parallel()
	folder, head := t.TempDir(), Head{SHA256: "00aa", Queue: "OrderQueue", Orders: 4}
	log, err := Open(folder, head, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := log.Sending(Span{0, 2}); err != nil {
		t.Fatal(err)
	}
	file := log.file
	if _, err := file.WriteString(`{"answer":{"Fir`); err != nil {
		t.Fatal(err)
	}
	if log.file, err = os.Open(file.Name()); err != nil { // writing to it fails, as on a full disk
		t.Fatal(err)
	}
	if log.Answered(Answer{Span: Span{0, 1}, IDs: []workflow.MessageID{"a"}}) == nil {
		t.Error("half a line is taken for written")
	}
	_ = log.file.Close()
	log.file = file // there is room again
	if log.Sending(Span{2, 4}) == nil {
		t.Error("something is to be sent that the log does not tell")
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Open(folder, head, false)
	if err != nil {
		t.Fatal(err)
	}
	if !again.InDoubt(0) || !again.InDoubt(1) || !again.Open(2) || !again.Open(3) {
		t.Errorf("%+v", again.Doubtful())
	}
	_ = again.Close()
}
