package execution

import (
	"reflect"
	"strings"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// filled sets every text of a details member to its own name, and every number to 7.
func filled(details reflect.Type) reflect.Value {
	v := reflect.New(details)
	for i := range details.NumField() {
		field := v.Elem().Field(i)
		if !field.CanSet() {
			continue
		}
		switch field.Interface().(type) {
		case *string:
			field.Set(reflect.ValueOf(awssdk.String(details.Field(i).Name)))
		case *int32:
			field.Set(reflect.ValueOf(awssdk.Int32(7)))
		}
	}
	return v
}

// Every details member that the API has must reach the event: a new one in the
// SDK fails here until it is mapped or named as told by nothing.
func TestEveryDetailIsMapped(t *testing.T) {
	t.Parallel()
	// These have nothing that an event holds.
	silent := map[string]bool{"MapStateStartedEventDetails": true}
	for member := range reflect.TypeFor[types.HistoryEvent]().Fields() {
		if !strings.HasSuffix(member.Name, "EventDetails") || silent[member.Name] {
			continue
		}
		t.Run(member.Name, func(t *testing.T) {
			t.Parallel()
			var e types.HistoryEvent
			reflect.ValueOf(&e).Elem().FieldByIndex(member.Index).Set(filled(member.Type.Elem()))
			got := event(e)
			for field, told := range map[string]string{
				"Error": got.Error, "Cause": got.Cause, "Input": got.Input, "Parameters": got.Input, "Output": got.Output,
				"Name": got.State, "State": got.State, "WorkerName": got.Resource, "MapRunArn": got.Resource,
			} {
				if _, has := member.Type.Elem().FieldByName(field); has && told != field {
					t.Errorf("%s: got %q", field, told)
				}
			}
			_, service := member.Type.Elem().FieldByName("ResourceType")
			_, resource := member.Type.Elem().FieldByName("Resource")
			switch {
			case service && got.Resource != "ResourceType:Resource":
				t.Errorf("got resource %q", got.Resource)
			case !service && resource && got.Resource != "Resource":
				t.Errorf("got resource %q", got.Resource)
			}
			if _, has := member.Type.Elem().FieldByName("RedriveCount"); has && got.RedriveCount != 7 {
				t.Errorf("got redrive count %d", got.RedriveCount)
			}
		})
	}
}

func TestEveryTypeKeepsItsNameAndIDs(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	kinds := append(types.HistoryEventType("").Values(), "SomethingNew")
	if len(kinds) != 63 {
		t.Errorf("got %d types, want the API's 62 and one more", len(kinds))
	}
	for _, kind := range kinds {
		got := event(types.HistoryEvent{Id: 9, PreviousEventId: 8, Timestamp: &at, Type: kind})
		if got.ID != 9 || got.PreviousID != 8 || got.Type != string(kind) || !got.Time.Equal(at) {
			t.Errorf("%s: got %+v", kind, got)
		}
	}
}
