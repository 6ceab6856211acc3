package function_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"orderops/aws/function"
	"orderops/aws/local"
)

func TestSaveWritesTheTable(t *testing.T) {
	t.Parallel()
	event := func(status, message string) string {
		return `{"user_id":"u","restaurant_id":"r","quantity":"3","id":"o","created_at":"2026-11-23T08:00:00Z","order_status":"` + status + `","error_message":"` + message + `"}`
	}
	row := func(status string, more ...string) map[string]string {
		row := map[string]string{
			"user_id": "u", "id": "o", "restaurant_id": "r", "quantity": "3",
			"created_at": "2026-11-23T08:00:00Z", "created_day": "2026-11-23#2", "message_id": "o", "order_status": status,
		}
		for i := 0; i < len(more); i += 2 {
			row[more[i]] = more[i+1]
		}
		return row
	}
	for name, c := range map[string]struct {
		events []string
		answer string // to the last event
		want   map[string]string
	}{
		"create": {[]string{event("PENDING", "")}, `{"order_status":"PENDING","written":true}`, row("PENDING")},
		"create twice": {
			[]string{event("PENDING", ""), strings.Replace(event("PENDING", ""), `"3"`, `"4"`, 1)},
			`{"order_status":"PENDING","written":false}`, row("PENDING"),
		},
		"success": {[]string{event("PENDING", ""), event("SUCCESS", "")}, `{"order_status":"SUCCESS","written":true,"notification":"sent"}`, row("SUCCESS")},
		"failure": {
			[]string{event("PENDING", ""), event("FAILURE", "declined")},
			`{"order_status":"FAILURE","written":true,"notification":"sent","error_message":"declined"}`, row("FAILURE", "error_message", "declined"),
		},
		"success of a second run": {
			[]string{event("PENDING", ""), event("FAILURE", "declined"), event("PENDING", ""), event("SUCCESS", "")},
			`{"order_status":"SUCCESS","written":true,"notification":"sent"}`, row("SUCCESS"),
		},
		"failure come late": {
			[]string{event("PENDING", ""), event("SUCCESS", ""), event("FAILURE", "declined")},
			`{"order_status":"FAILURE","written":false,"error_message":"declined"}`, row("SUCCESS"),
		},
		"failure without a row": {
			[]string{event("FAILURE", "declined")},
			`{"order_status":"FAILURE","written":true,"notification":"sent","error_message":"declined"}`, row("FAILURE", "error_message", "declined"),
		},
		"message sent again keeps its id": {
			[]string{strings.Replace(event("PENDING", ""), `"id"`, `"message_id":"m","id"`, 1), event("SUCCESS", "")},
			`{"order_status":"SUCCESS","written":true,"notification":"sent"}`, row("SUCCESS", "message_id", "m"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				wake()
				s := newSystem(t, nil)
				defer s.cloud.Close()
				save, err := function.Handler(function.Save, s.config, map[string]string{"TABLE_NAME": tableName, "TOPIC_ARN": topicARN})
				if err != nil {
					t.Fatal(err)
				}
				var answer []byte
				for _, e := range c.events {
					if answer, err = save(t.Context(), []byte(e)); err != nil {
						t.Fatal(err)
					}
				}
				if string(answer) != c.answer {
					t.Errorf("answer is %s, want %s", answer, c.answer)
				}
				if diff := cmp.Diff(c.want, s.row(t, "u", "o")); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

func TestSaveSaysWhichCallFailed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		wake()
		cloud := local.New(local.Options{})
		defer cloud.Close()
		save, err := function.Handler(function.Save, config(cloud), map[string]string{"TABLE_NAME": tableName, "TOPIC_ARN": topicARN})
		if err != nil {
			t.Fatal(err)
		}
		for status, operation := range map[string]string{"PENDING": "dynamodb:PutItem", "SUCCESS": "dynamodb:UpdateItem"} {
			_, err := save(t.Context(), []byte(`{"user_id":"u","id":"o","order_status":"`+status+`"}`))
			e, ok := errors.AsType[*function.CallError](err)
			if want := operation + " on order-table: ResourceNotFoundException"; !ok || !strings.HasPrefix(e.Error(), want) {
				t.Errorf("error is %v, want %s", err, want)
			}
		}
	})
}

func TestSaveSurvivesALostTopic(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		wake()
		s := newSystem(t, nil)
		defer s.cloud.Close()
		save, err := function.Handler(function.Save, s.config, map[string]string{"TABLE_NAME": tableName, "TOPIC_ARN": topicARN + "-gone"})
		if err != nil {
			t.Fatal(err)
		}
		answer, err := save(t.Context(), []byte(`{"user_id":"u","id":"o","order_status":"SUCCESS"}`))
		if want := `{"order_status":"SUCCESS","written":true,"notification":"failed"}`; err != nil || string(answer) != want {
			t.Errorf("answer is %s, %v, want %s", answer, err, want)
		}
	})
}
