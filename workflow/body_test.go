package workflow_test

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"orderops/workflow"
)

func TestEncodeBodyIsTheContract(t *testing.T) {
	t.Parallel()
	body := workflow.EncodeBody(workflow.Order{UserID: "Burger_20", Quantity: "3", RestaurantID: "Restaurant 4"})
	if want := `{"data":{"user_id":"Burger_20","quantity":"3","restaurant_id":"Restaurant 4"}}`; string(body) != want {
		t.Errorf("body is %s, want %s", body, want)
	}
	sum := md5.Sum(body)
	if got, want := hex.EncodeToString(sum[:]), "e172a0b1b0c410a6d12b96ef434aa4c0"; got != want {
		t.Errorf("MD5 is %s, want %s", got, want)
	}
}

func TestEncodeBodyLeavesMarkupAlone(t *testing.T) {
	t.Parallel()
	body := workflow.EncodeBody(workflow.Order{
		UserID: "<a&b>", Quantity: "1", RestaurantID: "r",
		Extra: []workflow.Field{
			{Name: "note", Value: json.RawMessage(`[ 1.50, "<&>" ]`)},
			{Name: "nothing"},
			{Name: "broken", Value: json.RawMessage(`{`)},
		},
	})
	want := `{"data":{"user_id":"<a&b>","quantity":"1","restaurant_id":"r","note":[1.50,"<&>"],"nothing":null,"broken":"{"}}`
	if string(body) != want {
		t.Errorf("body is %s, want %s", body, want)
	}
}

func TestDecodeBodyKeepsUnknownMembers(t *testing.T) {
	t.Parallel()
	body := `{"trace":7,"data":{"zeta": {"b":1, "a":2}, "user_id":"u","price":1.10,"quantity":"999","restaurant_id":"é"}}`
	got, err := workflow.DecodeBody([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	want := workflow.Order{UserID: "u", Quantity: "999", RestaurantID: "é", Extra: []workflow.Field{
		{Name: "zeta", Value: json.RawMessage(`{"b":1,"a":2}`)},
		{Name: "price", Value: json.RawMessage(`1.10`)},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDecodeBodySaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	around := func(members string) string { return `{"data":{` + members + `}}` }
	for name, c := range map[string]struct {
		body string
		want workflow.BodyError
	}{
		"empty":          {" ", workflow.BodyError{Problem: "is empty"}},
		"words":          {"hello", workflow.BodyError{Problem: "is not JSON at byte 0: invalid character 'h' looking for beginning of value"}},
		"cut off":        {`{"data":{"user`, workflow.BodyError{Offset: 14, Problem: "is not JSON: it ends too early, at byte 14"}},
		"two texts":      {`{} {}`, workflow.BodyError{Offset: 3, Problem: "is not JSON at byte 3: invalid character '{' after top-level value"}},
		"invalid UTF-8":  {"{\"a\":\"\xff\"}", workflow.BodyError{Offset: 6, Problem: "is not UTF-8 at byte 6"}},
		"a list":         {`[1]`, workflow.BodyError{Problem: "is a list, must be an object"}},
		"null":           {`null`, workflow.BodyError{Problem: "is null, must be an object"}},
		"no data":        {`{"user_id":"u"}`, workflow.BodyError{Field: "data", Problem: "is missing"}},
		"data twice":     {`{"data":{},"data":{}}`, workflow.BodyError{Field: "data", Offset: 18, Problem: "appears twice"}},
		"data is text":   {`{"data": "x"}`, workflow.BodyError{Field: "data", Offset: 9, Problem: "is a string, must be an object"}},
		"no user":        {around(`"quantity":"1"`), workflow.BodyError{Field: "data.user_id", Offset: 8, Problem: "is missing"}},
		"other case":     {around(`"User_ID":"u","quantity":"1","restaurant_id":"r"`), workflow.BodyError{Field: "data.user_id", Offset: 8, Problem: "is missing"}},
		"user twice":     {around(`"user_id":"a","user_id":"b"`), workflow.BodyError{Field: "data.user_id", Offset: 33, Problem: "appears twice"}},
		"hidden twice":   {around(`"user_id":"a","\u0075ser_id":"b"`), workflow.BodyError{Field: "data.user_id", Offset: 38, Problem: "appears twice"}},
		"unknown twice":  {around(`"x y":1,"x y":2`), workflow.BodyError{Field: `data."x y"`, Offset: 23, Problem: "appears twice"}},
		"number":         {around(`"user_id":"u","quantity":3,"restaurant_id":"r"`), workflow.BodyError{Field: "data.quantity", Offset: 34, Problem: "is the number 3, must be a string"}},
		"true":           {around(`"user_id":true`), workflow.BodyError{Field: "data.user_id", Offset: 19, Problem: "is true, must be a string"}},
		"word quantity":  {around(`"user_id":"u", "quantity":"three"`), workflow.BodyError{Field: "data.quantity", Offset: 35, Problem: `is "three", must be a whole number from 1 to 999`}},
		"empty user":     {around(`"user_id":""`), workflow.BodyError{Field: "data.user_id", Offset: 19, Problem: "is empty"}},
		"escape in user": {around(`"user_id":"\u001b[2J"`), workflow.BodyError{Field: "data.user_id", Offset: 19, Problem: "contains the control character U+001B"}},
		"hostile number": {around(`"user_id":"u","quantity":"\u202e\u001b"`), workflow.BodyError{Field: "data.quantity", Offset: 34, Problem: `is "\u202e\x1b", must be a whole number from 1 to 999`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := workflow.DecodeBody([]byte(c.body))
			got, ok := errors.AsType[*workflow.BodyError](err)
			if !ok {
				t.Fatalf("error is %v, want a BodyError", err)
			}
			if diff := cmp.Diff(c.want, *got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBodyErrorIsASentence(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]*workflow.BodyError{
		"the body is empty":       {Problem: "is empty"},
		"data.user_id is missing": {Field: "data.user_id", Problem: "is missing"},
	} {
		if e.Error() != want {
			t.Errorf("got %q, want %q", e.Error(), want)
		}
	}
}

func TestDecodeBodyRefusesWhatNoExecutionTakes(t *testing.T) {
	t.Parallel()
	body := func(n int) []byte {
		return workflow.EncodeBody(workflow.Order{UserID: "u", Quantity: "1", RestaurantID: "r", Extra: []workflow.Field{
			{Name: "note", Value: json.RawMessage(`"` + strings.Repeat("x", n) + `"`)},
		}})
	}
	if _, err := workflow.DecodeBody(body(workflow.MaxInput - 1024)); err != nil {
		t.Errorf("an order that fits is refused: %v", err)
	}
	if _, err := workflow.DecodeBody(body(workflow.MaxInput)); err == nil {
		t.Error("an order larger than an execution's input is accepted")
	}
}

func TestBodyRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[^\p{Cc}\x{fffd}]{1,256}`)
		order := workflow.Order{
			UserID:       word.Draw(t, "user"),
			Quantity:     rapid.StringMatching(`[1-9][0-9]{0,2}`).Draw(t, "quantity"),
			RestaurantID: word.Draw(t, "restaurant"),
		}
		for _, name := range rapid.SliceOfNDistinct(rapid.StringMatching(`x.{0,9}`), 0, 4, rapid.ID).Draw(t, "names") {
			value := rapid.SampledFrom([]string{"null", "1e400", `"<>"`, `{"a":[1,{"a":2}]}`, "false"}).Draw(t, "value")
			order.Extra = append(order.Extra, workflow.Field{Name: name, Value: json.RawMessage(value)})
		}
		got, err := workflow.DecodeBody(workflow.EncodeBody(order))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(order, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func FuzzDecodeBody(f *testing.F) {
	for _, seed := range []string{
		`{"data":{"user_id":"Burger_20","quantity":"3","restaurant_id":"Restaurant 4"}}`,
		`{"data":{"quantity":"1","x":{"y":[1.0]},"user_id":"\ud800","restaurant_id":"\u2028"}}`,
		`{"data":null}`, `[`, `{"data":{"a":1,"a":2}}`, "\xff", "",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		order, err := workflow.DecodeBody(body)
		if err != nil {
			e, ok := errors.AsType[*workflow.BodyError](err)
			if !ok || e.Problem == "" || e.Offset < 0 || e.Offset > int64(len(body)) {
				t.Fatalf("bad error %#v", err)
			}
			return
		}
		encoded := workflow.EncodeBody(order)
		again, err := workflow.DecodeBody(encoded)
		if err != nil {
			t.Fatalf("what was encoded is refused: %v", err)
		}
		if !bytes.Equal(encoded, workflow.EncodeBody(again)) {
			t.Fatalf("not stable: %s", encoded)
		}
		if diff := cmp.Diff(order, again); diff != "" {
			t.Fatal(diff)
		}
	})
}
