package sendlog_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orderops/workflow"
	"orderops/workflow/operation/sendlog"
)

func head(orders int) sendlog.Head {
	return sendlog.Head{SHA256: "00aa", Queue: "https://sqs/1/OrderQueue", Orders: orders, At: time.Date(2026, 11, 27, 3, 0, 0, 0, time.UTC)}
}

func open(t *testing.T, folder string, orders int, again bool) *sendlog.Log {
	t.Helper()
	log, err := sendlog.Open(folder, head(orders), again)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() })
	return log
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func ids(list ...workflow.MessageID) []workflow.MessageID { return list }

func TestALogIsTakenUp(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	log := open(t, folder, 6, false)
	must(t,
		log.Sending(sendlog.Span{First: 0, End: 5}),
		log.Answered(sendlog.Answer{Span: sendlog.Span{First: 0, End: 2}, IDs: ids("a", "")}),
		log.Answered(sendlog.Answer{Span: sendlog.Span{First: 2, End: 3}, Unknown: true}),
		log.Close(),
	)
	// Of orders 3 and 4 no answer was written: the program ended before.
	again := open(t, folder, 6, false)
	if again.Taken() != 1 {
		t.Errorf("%d are taken, want 1", again.Taken())
	}
	if diff := cmp.Diff([]sendlog.Span{{First: 2, End: 5}}, again.Doubtful()); diff != "" {
		t.Error(diff)
	}
	for order, want := range []bool{false, true, false, false, false, true, false} {
		if again.Open(order) != want {
			t.Errorf("order %d: open is %v", order, !want)
		}
	}
	must(t, again.Settle())
	if len(again.Doubtful()) > 0 || !again.Open(2) || !again.Open(4) {
		t.Errorf("after settling %v is in doubt", again.Doubtful())
	}
}

func TestATornLineIsCutOff(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	log := open(t, folder, 2, false)
	must(t, log.Sending(sendlog.Span{First: 0, End: 1}), log.Close())
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	file, err := os.OpenFile(files[0], os.O_APPEND|os.O_WRONLY, 0)
	must(t, err)
	_, err = file.WriteString(`{"answer":{"First":0,"E`)
	must(t, err, file.Close())
	again := open(t, folder, 2, false)
	must(t, again.Answered(sendlog.Answer{Span: sendlog.Span{First: 0, End: 1}, IDs: ids("a")}), again.Close())
	if third := open(t, folder, 2, false); third.Taken() != 1 || len(third.Doubtful()) > 0 {
		t.Errorf("%d taken, %v in doubt", third.Taken(), third.Doubtful())
	}
}

func TestTwoProgramsDoNotSendOneFile(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	open(t, folder, 1, false)
	if _, err := sendlog.Open(folder, head(1), false); workflow.KindOf(err) != workflow.Refused {
		t.Errorf("got %v", err)
	}
}

func TestAgainBeginsAnewAndKeepsTheOld(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	log := open(t, folder, 1, false)
	must(t, log.Sending(sendlog.Span{First: 0, End: 1}), log.Close())
	if again := open(t, folder, 1, true); len(again.Doubtful()) > 0 {
		t.Error("the new log knows the old one's orders")
	}
	if files, err := filepath.Glob(filepath.Join(folder, "*")); err != nil || len(files) != 2 {
		t.Errorf("got %v, %v", files, err)
	}
}

func TestALogIsItsOwnersAlone(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "submits")
	open(t, folder, 1, false)
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	must(t, err)
	for _, path := range append(files, folder) {
		info, err := os.Stat(path)
		must(t, err)
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
	}
}
