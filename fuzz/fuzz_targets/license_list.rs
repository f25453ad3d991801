#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| whmcs_provisioning::fuzzing::license_list(bytes));
