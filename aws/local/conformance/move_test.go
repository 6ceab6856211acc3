package conformance

import (
	"encoding/base64"
	"fmt"
	"time"
)

// moveScripts replay the move tasks of SQS.
func moveScripts() map[string]script {
	return map[string]script{
		"test_cancel_with_invalid_task_handle": func(s *session) {
			s.expect("error", s.call("sqs", "CancelMessageMoveTask", members{"TaskHandle": "foobared"}))
		},
		"test_cancel_with_invalid_source_arn_in_task_handle": func(s *session) {
			s.expect("error", s.call("sqs", "CancelMessageMoveTask", members{"TaskHandle": taskHandle(queueARN("none"))}))
		},
		"test_cancel_with_invalid_task_id_in_task_handle": func(s *session) {
			s.queue("queue", members{})
			s.expect("error", s.call("sqs", "CancelMessageMoveTask", members{"TaskHandle": taskHandle(queueARN("queue"))}))
		},
		"test_source_needs_redrive_policy": func(s *session) {
			s.queue("source", members{})
			s.queue("destination", members{})
			s.expect("error", s.startMove(members{"DestinationArn": queueARN("destination"), "SourceArn": queueARN("source")}))
		},
		"test_destination_needs_to_exist": func(s *session) {
			s.deadLetters(0, "queue")
			s.expect("error", s.startMove(members{"DestinationArn": queueARN("none")}))
		},
		"test_basic_move_task_workflow": func(s *session) { moveAll(s, members{"DestinationArn": queueARN("destination")}, "queue") },
		"test_move_task_workflow_with_default_destination": func(s *session) {
			s.expectValue("source-arn", queueARN("dead"))
			s.expectValue("original-source", queueARN("queue"))
			moveAll(s, members{}, "queue")
		},
		"test_move_task_workflow_with_multiple_sources_as_default_destination": func(s *session) {
			s.expectValue("source-arn", queueARN("dead"))
			s.expectValue("original-source-1", queueARN("queue"))
			s.expectValue("original-source-2", queueARN("queue-2"))
			moveAll(s, members{}, "queue", "queue-2")
		},
		"test_move_task_with_throughput_limit":                  moveSlowly,
		"test_move_task_cancel":                                 cancelMove,
		"test_move_task_delete_destination_queue_while_running": moveToDeleted,
		"test_start_multiple_move_tasks":                        startTwoMoves,
	}
}

// taskHandle makes a handle of a task that there never was.
func taskHandle(source string) string {
	const id = "10f57157-fc38-4da9-a113-4de7e12d05aa"
	return base64.StdEncoding.EncodeToString([]byte(`{"taskId":"` + id + `","sourceArn":"` + source + `"}`))
}

// deadLetters makes the queue "dead", queues that use it, the queue
// "destination", and puts n messages of each queue into "dead".
func (s *session) deadLetters(n int, queues ...string) (destination any) {
	s.t.Helper()
	s.queue("dead", members{})
	for _, name := range queues {
		url := s.queue(name, members{"RedrivePolicy": `{"deadLetterTargetArn":"` + queueARN("dead") + `","maxReceiveCount":1}`})
		for i := range n {
			s.send(url, fmt.Sprintf("message-%d", i))
		}
		for range 2 * n {
			s.messages(members{"QueueUrl": url, "VisibilityTimeout": 0})
		}
	}
	return s.queue("destination", members{})
}

// startMove starts a task on "dead", unless the request says otherwise.
func (s *session) startMove(request members) answer {
	s.t.Helper()
	if request["SourceArn"] == nil {
		request["SourceArn"] = queueARN("dead")
	}
	return s.call("sqs", "StartMessageMoveTask", request)
}

func (s *session) listMoves() answer {
	s.t.Helper()
	return s.call("sqs", "ListMessageMoveTasks", members{"SourceArn": queueARN("dead")})
}

func slowly() members {
	return members{"DestinationArn": queueARN("destination"), "MaxNumberOfMessagesPerSecond": 1}
}

func moveAll(s *session, request members, queues ...string) {
	s.deadLetters(2, queues...)
	s.expect("start-message-move-task-response", s.startMove(request))
	time.Sleep(10 * time.Second)
	s.expect("list-message-move-task-response", s.listMoves())
}

func moveSlowly(s *session) {
	s.deadLetters(4, "queue")
	s.expect("start-message-move-task-response", s.startMove(slowly()))
}

// cancelMove cancels as soon as two messages have come, as the test did.
func cancelMove(s *session) {
	destination := s.deadLetters(10, "queue")
	handle := s.startMove(slowly()).body["TaskHandle"]
	for range 2 {
		s.messages(members{"QueueUrl": destination, "WaitTimeSeconds": 5})
	}
	s.expect("list-while", s.listMoves())
	s.expect("cancel", s.call("sqs", "CancelMessageMoveTask", members{"TaskHandle": handle}))
	time.Sleep(30 * time.Second)
	s.expect("list-after", s.listMoves())
}

// moveToDeleted lets the task move three messages before the queue is gone: that
// is when AWS's task noticed it.
func moveToDeleted(s *session) {
	destination := s.deadLetters(10, "queue")
	s.startMove(slowly())
	time.Sleep(2500 * time.Millisecond)
	s.must("sqs", "DeleteQueue", members{"QueueUrl": destination})
	time.Sleep(30 * time.Second)
	s.expect("list", s.listMoves())
}

func startTwoMoves(s *session) {
	s.deadLetters(10, "queue")
	s.startMove(slowly())
	s.expect("error", s.startMove(slowly()))
}
