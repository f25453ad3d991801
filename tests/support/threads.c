/* threads NUMBER CODE: serves NUMBER requests at once in one process, each in a thread of its own, as a web server with threads does.
   Each runs CODE with its number in $thread. Needs a PHP with threads and its embed library. */

/* PHP's headers use what glibc declares for this alone. */
#define _GNU_SOURCE

#include <pthread.h>
#include <stdlib.h>

#include <sapi/embed/php_embed.h>

#define MOST 64

static const char *code;
static pthread_barrier_t all_are_ready;

static void *serve(void *number)
{
    char line[32];

    (void)ts_resource(0);
    if (php_request_startup() == FAILURE) {
        fprintf(stderr, "a request could not be started\n");
        exit(1);
    }
    snprintf(line, sizeof line, "$thread = %d;", (int)(intptr_t)number);
    pthread_barrier_wait(&all_are_ready);
    zend_first_try {
        zend_eval_string(line, NULL, "the number");
        zend_eval_string_ex(code, NULL, "the code", 1);
    }
    zend_end_try();
    php_request_shutdown(NULL);
    ts_free_thread();
    return NULL;
}

int main(int count, char **arguments)
{
    pthread_t threads[MOST];
    int number = count == 3 ? atoi(arguments[1]) : 0;

    if (number < 1 || number > MOST) {
        fprintf(stderr, "Usage: threads NUMBER CODE, with at most %d\n", MOST);
        return 2;
    }
    code = arguments[2];
    if (php_embed_init(0, NULL) == FAILURE) {
        return 1;
    }
    pthread_barrier_init(&all_are_ready, NULL, number);
    for (int i = 0; i < number; i++) {
        if (pthread_create(&threads[i], NULL, serve, (void *)(intptr_t)i) != 0) {
            return 1;
        }
    }
    for (int i = 0; i < number; i++) {
        pthread_join(threads[i], NULL);
    }
    php_embed_shutdown();
    return 0;
}
