/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * MESSAGE_ID of each kind of record. An ID never changes, because scripts filter the journal by it.
 * catalog/dax-owner.catalog has the same IDs, and a test compares them.
 */
#ifndef DAX_OWNER_MODEL_MESSAGE_IDS_H
#define DAX_OWNER_MODEL_MESSAGE_IDS_H

#define ID_CHANGED "41de2b905b3c44f48384ffc93c378645"
#define ID_DECIDED "01a02ec8c02c48d3aaaf8f676d35c8d0"
#define ID_CLAIMED "a7e818ce25bd4976944a92d149936ba9"
#define ID_OWNED "f2e5174f73864b6986dd0c921a7dbd9d"
#define ID_UNBOUND "1eb6f1ff433e481cbe85325992ed4daa"
#define ID_RELEASED "cb1e2ab2252e416d8d3b43db823274b8"
#define ID_CONFLICT "01f4f6dcbd7a4e9099a6d70db677ec4f"
#define ID_STRANDED "1c24236894e843a68b0535ff85bf165d"
#define ID_WITHHELD "a4d05d989ae14fca95fd7acd26227473"
#define ID_DEADLINE "9333b351569f4554aa9b70dc98ac1247"
#define ID_SETTLED "d05c4376f588460391f7976e983ac50d"
#define ID_EMPTY "d1b86c22d1b74513b1c2a7e8e0696cc8"
#define ID_DEVICE "3b8539b44dd4424ea970f8823cc39f88"
#define ID_MISSED "80ea4fe4427f4cab8b93430cb1ec07bf"
#define ID_HELD "bbf269c726104b0e93baedba070ed1dc"
#define ID_ORDERED "cc1f9d216d774d41b5e4f1562b42ad2e"
#define ID_ARBITER "9a497d17c5ba42d98e7da82de49f6d59"
#define ID_MODULES "4811eac9422e4d2cb8119647cd07deea"
#define ID_CONFIG "77a13155ed0241eea0342184a78a1659"
#define ID_FAILURE "1a0281b0ab69486883c941a3678c4079"

#endif /* DAX_OWNER_MODEL_MESSAGE_IDS_H */
