package conformance

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"
)

// queueScripts replay SQS.
func queueScripts() map[string]script {
	return map[string]script{
		"test_create_queue_with_different_attributes_raises_exception":                      createWithOtherAttributes,
		"test_create_standard_queue_with_fifo_attribute_raises_error":                       createWithAttributesOfFIFO,
		"test_create_and_update_queue_attributes":                                           updateAttributes,
		"test_non_existent_queue":                                                           missingQueue,
		"test_successive_purge_calls_fail":                                                  purgeTwice,
		"test_send_oversized_message":                                                       func(s *session) { sendOversized(s, 1<<20, members{}) },
		"test_send_message_with_updated_maximum_message_size":                               func(s *session) { sendOversized(s, 1024, members{"MaximumMessageSize": "1024"}) },
		"test_send_message_batch_with_oversized_contents":                                   func(s *session) { sendOversizedBatch(s, 1<<20, members{}) },
		"test_send_message_batch_with_oversized_contents_with_updated_maximum_message_size": func(s *session) { sendOversizedBatch(s, 2048, members{"MaximumMessageSize": "2048"}) },
		"test_send_batch_message_size":                                                      sendPartlyOversizedBatch,
		"test_too_many_entries_in_batch_request":                                            sendTooMany,
		"test_invalid_batch_id":                                                             sendWithInvalidID,
		"test_delete_message_batch_invalid_msg_id":                                          deleteWithInvalidID,
		"test_delete_message_batch_with_too_large_batch":                                    deleteTooMany,
		"test_send_message_with_binary_attributes":                                          sendBinary,
		"test_fair_queue_with_message_group_id":                                             sendInGroup,
		"test_receive_message_message_attribute_names_filters":                              filterAttributes,
		"test_receive_message_attribute_names_filters":                                      func(s *session) { filterSystemAttributes(s, "AttributeNames") },
		"test_receive_message_message_system_attribute_names_filters":                       func(s *session) { filterSystemAttributes(s, "MessageSystemAttributeNames") },
		"test_message_system_attribute_names_with_attribute_names":                          combineSystemAttributes,
		"test_send_receive_wait_time_seconds":                                               receiveWithWaits,
		"test_receive_empty_queue":                                                          receiveNothing,
		"test_delete_after_visibility_timeout":                                              deleteLate,
	}
}

// queue makes a queue and gives its URL.
func (s *session) queue(name string, attributes members) any {
	s.t.Helper()
	return s.must("sqs", "CreateQueue", members{"QueueName": name, "Attributes": attributes})["QueueUrl"]
}

func queueARN(name string) string { return "arn:aws:sqs:" + region + ":" + account + ":" + name }

func (s *session) send(queue any, body string) {
	s.t.Helper()
	s.must("sqs", "SendMessage", members{"QueueUrl": queue, "MessageBody": body})
}

// messages receives, and gives the messages of the answer.
func (s *session) messages(request members) []members {
	s.t.Helper()
	list, _ := s.must("sqs", "ReceiveMessage", request)["Messages"].([]any)
	var messages []members
	for _, m := range list {
		messages = append(messages, m.(members))
	}
	return messages
}

func createWithOtherAttributes(s *session) {
	attributes := func(delay string) members {
		return members{"ReceiveMessageWaitTimeSeconds": "1", "DelaySeconds": delay}
	}
	create := func(delay string) answer {
		return s.call("sqs", "CreateQueue", members{"QueueName": "queue", "Attributes": attributes(delay)})
	}
	url := s.queue("queue", attributes("1"))
	s.queue("queue", members{})
	s.queue("queue", members{"DelaySeconds": "1"})
	s.expect("create_queue_01", create("2"))
	s.must("sqs", "SetQueueAttributes", members{"QueueUrl": url, "Attributes": members{"DelaySeconds": "2"}})
	s.queue("queue", attributes("2"))
	s.expect("create_queue_02", create("1"))
}

func createWithAttributesOfFIFO(s *session) {
	for _, test := range []struct{ key, name, value string }{
		{"invalid-attribute-fifo-queue", "FifoQueue", "false"},
		{"invalid-attribute-content-based-deduplication", "ContentBasedDeduplication", "false"},
		{"invalid-attribute-deduplication-scope", "DeduplicationScope", "queue"},
		{"invalid-attribute-throughput-limit", "FifoThroughputLimit", "perQueue"},
	} {
		s.expect(test.key, s.call("sqs", "CreateQueue", members{"QueueName": "queue", "Attributes": members{test.name: test.value}}))
	}
}

func (s *session) attributes(key string, url any, names ...any) {
	s.t.Helper()
	s.expect(key, s.call("sqs", "GetQueueAttributes", members{"QueueUrl": url, "AttributeNames": names}))
}

func updateAttributes(s *session) {
	url := s.queue("queue", members{"MessageRetentionPeriod": "604800", "ReceiveMessageWaitTimeSeconds": "10", "VisibilityTimeout": "20"})
	s.attributes("get_queue_attributes", url, "All")
	s.must("sqs", "SetQueueAttributes", members{"QueueUrl": url, "Attributes": members{
		"MaximumMessageSize": "2048", "VisibilityTimeout": "69", "DelaySeconds": "420",
	}})
	s.attributes("get_updated_queue_attributes", url, "All")
}

func missingQueue(s *session) {
	s.expect("queue-does-not-exist", s.call("sqs", "GetQueueUrl", members{"QueueName": "none"}))
	s.expect("queue-does-not-exist-url", s.call("sqs", "GetQueueAttributes", members{"QueueUrl": s.cloud.URL() + "/" + account + "/none"}))
	s.leave("queue-does-not-exist-query")
}

func purgeTwice(s *session) {
	url := s.queue("queue", members{})
	s.must("sqs", "PurgeQueue", members{"QueueUrl": url})
	s.expect("purge_queue_error", s.call("sqs", "PurgeQueue", members{"QueueUrl": url}))
}

// small is an attribute of eight bytes, its name included.
func small() members { return members{"k": members{"DataType": "String", "StringValue": "x"}} }

const smallSize = len("k") + len("String") + len("x")

func sendOversized(s *session, most int, attributes members) {
	url := s.queue("queue", attributes)
	s.send(url, strings.Repeat("a", most))
	s.expect("send_oversized_message", s.call("sqs", "SendMessage", members{
		"QueueUrl": url, "MessageBody": strings.Repeat("a", most-smallSize+1), "MessageAttributes": small(),
	}))
}

func sendOversizedBatch(s *session, most int, attributes members) {
	s.expect("send_oversized_message_batch", s.call("sqs", "SendMessageBatch", members{
		"QueueUrl": s.queue("queue", attributes), "Entries": []any{
			members{"Id": "1", "MessageBody": strings.Repeat("a", most-smallSize), "MessageAttributes": small()},
			members{"Id": "2", "MessageBody": "a"},
		},
	}))
}

func sendPartlyOversizedBatch(s *session) {
	s.expect("send-message-batch-result", s.call("sqs", "SendMessageBatch", members{
		"QueueUrl": s.queue("queue", members{"MaximumMessageSize": "1024"}), "Entries": []any{
			members{"Id": "4f5a7b6c-9e0d-4a61-8a0e-7f1d5a6b2c01", "MessageBody": strings.Repeat("a", 1025)},
			members{"Id": "4f5a7b6c-9e0d-4a61-8a0e-7f1d5a6b2c02", "MessageBody": strings.Repeat("a", 1024)},
		},
	}))
}

// entries are n entries of a batch to send.
func entries(n int) []any {
	var all []any
	for i := range n {
		all = append(all, members{"Id": fmt.Sprintf("message-%d", i), "MessageBody": fmt.Sprintf("messageBody-%d", i)})
	}
	return all
}

func sendTooMany(s *session) {
	s.expect("test_too_many_entries_in_batch_request", s.call("sqs", "SendMessageBatch", members{
		"QueueUrl": s.queue("queue", members{}), "Entries": entries(20),
	}))
}

func sendWithInvalidID(s *session) {
	s.expect("test_invalid_batch_id", s.call("sqs", "SendMessageBatch", members{
		"QueueUrl": s.queue("queue", members{}), "Entries": []any{members{"Id": "message:(!)", "MessageBody": "messageBody"}},
	}))
}

func deleteWithInvalidID(s *session) {
	url := s.queue("queue", members{})
	s.send(url, "foobar")
	received := s.messages(members{"QueueUrl": url})
	_, id, _ := strings.Cut(s.recording.parameters(), "-")
	s.expect("error_response", s.call("sqs", "DeleteMessageBatch", members{
		"QueueUrl": url, "Entries": []any{members{"Id": id, "ReceiptHandle": received[0]["ReceiptHandle"]}},
	}))
}

func deleteTooMany(s *session) {
	url := s.queue("queue", members{})
	var deletions []any
	for range 2 {
		s.must("sqs", "SendMessageBatch", members{"QueueUrl": url, "Entries": entries(10)})
		for _, m := range s.messages(members{"QueueUrl": url, "MaxNumberOfMessages": 10}) {
			deletions = append(deletions, members{"Id": fmt.Sprint(len(deletions)), "ReceiptHandle": m["ReceiptHandle"]})
		}
	}
	s.expect("error_response", s.call("sqs", "DeleteMessageBatch", members{"QueueUrl": url, "Entries": deletions}))
}

// sendBinary tells the binary value as Python writes bytes, as the recording does.
func sendBinary(s *session) {
	url := s.queue("queue", members{})
	const trace = "traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01"
	value := base64.StdEncoding.EncodeToString([]byte(trace))
	s.must("sqs", "SendMessage", members{"QueueUrl": url, "MessageBody": "test", "MessageAttributes": members{
		"attr1": members{"DataType": "Binary", "BinaryValue": value},
	}})
	received := s.call("sqs", "ReceiveMessage", members{"QueueUrl": url, "MessageAttributeNames": []any{"All"}})
	list, _ := received.body["Messages"].([]any)
	for _, m := range list {
		attributes, _ := m.(members)["MessageAttributes"].(members)
		attribute, _ := attributes["attr1"].(members)
		if attribute["BinaryValue"] == value {
			attribute["BinaryValue"] = "b'" + strings.ReplaceAll(trace, "\x1e", `\x1e`) + "'"
		}
	}
	s.expect("binary-attrs-msg", received)
}

func sendInGroup(s *session) {
	url := s.queue("queue", members{})
	s.expect("send_message", s.call("sqs", "SendMessage", members{"QueueUrl": url, "MessageBody": "message", "MessageGroupId": "test"}))
	s.expect("get-message-with-deduplication-id", s.call("sqs", "ReceiveMessage", members{"QueueUrl": url, "AttributeNames": []any{"All"}}))
}

func filterAttributes(s *session) {
	url := s.queue("queue", members{"VisibilityTimeout": "0"})
	text := func(value string) members { return members{"DataType": "String", "StringValue": value} }
	s.expect("send_message_response", s.call("sqs", "SendMessage", members{"QueueUrl": url, "MessageBody": "msg", "MessageAttributes": members{
		"Help.Me": text("Me"), "Hello": text("There"), "General": text("Kenobi"),
	}}))
	for _, test := range []struct {
		key   string
		names []any
	}{
		{"empty_filter", []any{}},
		{"all_name", []any{"All"}},
		{"all_wildcard_asterisk", []any{"*"}},
		{"all_wildcard", []any{".*"}},
		{"only_non_existing_names", []any{"Foo", "Help"}},
		{"only_existing", []any{"Hello", "General"}},
		{"existing_and_non_existing", []any{"Foo", "Hello"}},
		{"prefix_filter", []any{"Hel.*"}},
		{"illegal_name_1", []any{"AWS."}},
		{"illegal_name_2", []any{"..foo"}},
	} {
		request := members{"QueueUrl": url, "WaitTimeSeconds": 5, "MessageAttributeNames": test.names}
		recorded, _ := s.recording.answers[test.key].(members)
		if _, whole := recorded["Messages"]; whole {
			s.expect(test.key, s.call("sqs", "ReceiveMessage", request))
			continue
		}
		for _, m := range s.messages(request) {
			s.expectValue(test.key, m)
		}
	}
}

func filterSystemAttributes(s *session, member string) {
	url := s.queue("queue", members{"VisibilityTimeout": "0"})
	s.must("sqs", "SendMessage", members{"QueueUrl": url, "MessageBody": "msg", "MessageAttributes": members{
		"Foo": members{"DataType": "String", "StringValue": "Bar"},
	}})
	for _, test := range []struct {
		key             string
		system, message []any
	}{
		{"all_attributes", []any{"All"}, []any{}},
		{"all_system_and_message_attributes", []any{"All"}, []any{"All"}},
		{"single_attribute", []any{"SenderId"}, []any{}},
		{"multiple_attributes", []any{"SenderId", "SequenceNumber"}, []any{}},
	} {
		s.expect(test.key, s.call("sqs", "ReceiveMessage", members{
			"QueueUrl": url, "WaitTimeSeconds": 5, member: test.system, "MessageAttributeNames": test.message,
		}))
	}
}

func combineSystemAttributes(s *session) {
	url := s.queue("queue", members{"VisibilityTimeout": "0"})
	s.send(url, "msg")
	for _, test := range []struct {
		key  string
		name string
	}{
		{"same_values", "All"},
		{"different_values", "SenderId"},
	} {
		s.expect(test.key, s.call("sqs", "ReceiveMessage", members{
			"QueueUrl": url, "WaitTimeSeconds": 5, "AttributeNames": []any{"All"}, "MessageSystemAttributeNames": []any{test.name},
		}))
	}
}

func receiveWithWaits(s *session) {
	url := s.queue("queue", members{})
	for key := range s.recording.answers {
		for suffix, wait := range map[string]int{"_error_too_large": 21, "_error_too_small": -1} {
			if strings.HasSuffix(key, suffix) {
				s.expect(key, s.call("sqs", "ReceiveMessage", members{"QueueUrl": url, "WaitTimeSeconds": wait}))
			}
		}
	}
	s.send(url, "message")
	s.expect("empty_short_poll_by_default_resp", s.call("sqs", "ReceiveMessage", members{"QueueUrl": url}))
	s.send(url, "message")
	s.expect("empty_short_poll_explicit_resp", s.call("sqs", "ReceiveMessage", members{"QueueUrl": url, "WaitTimeSeconds": 0}))
}

func receiveNothing(s *session) {
	url := s.queue("queue", members{})
	s.expect("empty_short_poll_resp_no_param", s.call("sqs", "ReceiveMessage", members{"QueueUrl": url}))
	s.expect("empty_short_poll_resp", s.call("sqs", "ReceiveMessage", members{"QueueUrl": url, "WaitTimeSeconds": 0}))
	s.expect("empty_long_poll_resp", s.call("sqs", "ReceiveMessage", members{"QueueUrl": url, "WaitTimeSeconds": 1}))
}

func deleteLate(s *session) {
	url := s.queue("queue", members{"VisibilityTimeout": "1"})
	s.send(url, "foobar")
	received := s.messages(members{"QueueUrl": url})
	time.Sleep(2 * time.Second)
	s.must("sqs", "DeleteMessage", members{"QueueUrl": url, "ReceiptHandle": received[0]["ReceiptHandle"]})
	s.expect("delete_after_timeout_queue_empty", s.call("sqs", "ReceiveMessage", members{"QueueUrl": url}))
}
