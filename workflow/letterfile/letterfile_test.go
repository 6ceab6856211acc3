package letterfile_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"orderops/workflow"
	"orderops/workflow/letterfile"
)

func hard() []workflow.DeadLetter {
	attributes := map[string]workflow.Attribute{
		"binary": {DataType: "Binary.gzip", Binary: []byte{0, 0xff, 0x1b}},
		"number": {DataType: "Number.int", Text: "0012"},
		"text":   {DataType: "String", Text: "ü\u009b\u202e<&>\u2028\ufffd"},
	}
	var letters []workflow.DeadLetter
	for i, body := range [][]byte{
		[]byte(`{"data":{"user_id":"Burger_20","quantity":"3","restaurant_id":"Restaurant 4"}}`),
		[]byte(" not JSON\t\r\n\u0085<script>&amp;"),
		{0xff, 0xfe, 0},
		[]byte(strings.Repeat("\"", 1<<20-200)), []byte("=cmd|' /C calc'!A0"),
	} {
		letters = append(letters, workflow.Judge(workflow.Message{
			ID: workflow.MessageID(fmt.Sprint("m", i)), Body: body, Attributes: maps.Clone(attributes), TraceHeader: "Root=1-57;Sampled=1",
			Sent: time.Date(2026, 11, 20, 8, 0, 0, 123e6, time.UTC), ReceiveCount: 4, SourceARN: "arn:aws:sqs:eu-west-1:1:OrderQueue",
		}, workflow.Queue{}, workflow.Queue{}))
	}
	return letters
}

func TestLinesComeBackByteForByte(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	if err := letterfile.WriteLines(&file, hard()); err != nil {
		t.Fatal(err)
	}
	got, err := letterfile.Read(&file)
	if err != nil {
		t.Fatal(err)
	}
	want := hard()
	if len(got) != len(want) {
		t.Fatalf("%d of %d came back", len(got), len(want))
	}
	for i := range got {
		if !reflect.DeepEqual(got[i], want[i].Message) {
			t.Errorf("wrote %.300v, read %.300v", want[i].Message, got[i])
		}
	}
}

func TestWhatWouldBeChangedIsNotWritten(t *testing.T) {
	t.Parallel()
	letter := workflow.DeadLetter{Message: workflow.Message{ID: "m", Body: []byte("b"), Attributes: map[string]workflow.Attribute{"a": {DataType: "String", Text: "\xff"}}}}
	if err := letterfile.WriteLines(&bytes.Buffer{}, []workflow.DeadLetter{letter}); err == nil {
		t.Error("an attribute that is no UTF-8 was written as something else")
	}
}

func TestReadTakesAllOrNothing(t *testing.T) {
	t.Parallel()
	const ok = `{"message":"a","body":"b"}` + "\n"
	for name, file := range map[string]string{
		"empty":              "\n",
		"cut off":            ok + `{"message":"c","bo`,
		"no JSON":            "a,b\n",
		"no UTF-8":           "{\"message\":\"a\",\"body\":\"\xff\"}",
		"no message":         `{"body":"b"}`,
		"no body":            `{"message":"a"}`,
		"two bodies":         `{"message":"a","body":"b","body_base64":"Yg=="}`,
		"an empty body":      `{"message":"a","body":""}`,
		"bad base64":         `{"message":"a","body_base64":"%"}`,
		"twice":              ok + ok,
		"too large":          `{"message":"a","body":"` + strings.Repeat("x", 1<<20+1) + `"}`,
		"unknown type":       `{"message":"a","body":"b","attributes":{"x":{"type":"Date","text":"y"}}}`,
		"text without text":  `{"message":"a","body":"b","attributes":{"x":{"type":"String"}}}`,
		"binary as a text":   `{"message":"a","body":"b","attributes":{"x":{"type":"Binary","text":"y"}}}`,
		"too many attribute": `{"message":"a","body":"b","attributes":{` + strings.Join(eleven(), ",") + `}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := letterfile.Read(strings.NewReader(file)); err == nil || got != nil {
				t.Errorf("read %d messages, %v", len(got), err)
			}
		})
	}
}

func eleven() []string {
	var attributes []string
	for i := range 11 {
		attributes = append(attributes, fmt.Sprintf(`"x%d":{"type":"String","text":"y"}`, i))
	}
	return attributes
}

func TestNoCellIsAFormula(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	if err := letterfile.WriteCSV(&file, hard()); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&file).ReadAll()
	if err != nil || len(rows) != 6 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		if i := slices.IndexFunc(row, func(c string) bool { return c != "" && strings.ContainsAny(c[:1], "=+-@\t\r\n") }); i >= 0 {
			t.Errorf("%s is the formula %q", rows[0][i], row[i])
		}
	}
	if !slices.Contains(rows[5], "'=cmd|' /C calc'!A0") || !slices.Contains(rows[3], "//4A") {
		t.Errorf("rows %q, %q", rows[3], rows[5])
	}
}
